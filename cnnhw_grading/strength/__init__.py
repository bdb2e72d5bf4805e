"""How strong the checks are: wrong answers and mutants of right ones, each of which must lose its points."""
