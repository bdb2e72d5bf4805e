"""Import this before NumPy: every library that multiplies matrices then keeps to one thread."""

import os
import sys

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[_variable] = "1"
if "numpy" in sys.modules:
    raise ImportError("import benchmarks.one_thread before numpy: BLAS reads its threads when it loads")
