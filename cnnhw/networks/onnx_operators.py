"""The ONNX operators that are counted, those that pass without MACs, and those that are refused.

The course counts MACs of layers only. Element-wise operators, pooling, resizing and normalisation are left
out, as in the published tables. An operator that is on no list, or of another domain than ONNX's own, is
refused, so that no MAC is lost silently.
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONVOLUTIONS = _names("Conv ConvInteger QLinearConv")
LAYERS = CONVOLUTIONS | _names("Gemm MatMul MatMulInteger QLinearMatMul")
# Where an operator's two factors are among its inputs, if not first: behind each stand scale and zero point.
FACTORS = {"QLinearConv": (0, 3), "QLinearMatMul": (0, 3)}
PRODUCTS = _names("Div Mul")  # of two values, element by element
SUMS = _names("CumSum GlobalAveragePool ReduceMean ReduceSum")
RESHAPES = _names("Flatten Reshape Squeeze Unsqueeze")  # the same words in the same order
COPIES = _names("Cast CastLike Dropout Identity")
REPEATS = _names("Expand Tile")

# Constants made from nothing, or from no more than a shape.
MAKES = _names(
    """
    BlackmanWindow Constant ConstantOfShape EyeLike HammingWindow HannWindow RandomNormal RandomNormalLike
    RandomUniform RandomUniformLike Shape Size
    """
)
ELEMENTWISE = PRODUCTS | _names(
    """
    Abs Acos Acosh Add And Asin Asinh Atan Atanh Bernoulli BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor
    Ceil Celu Clip Cos Cosh Elu Equal Erf Exp Floor Gelu Greater GreaterOrEqual HardSigmoid HardSwish
    Hardmax IsInf IsNaN LeakyRelu Less LessOrEqual Log LogSoftmax Max Mean Min Mish Mod Neg Not Or PRelu Pow
    Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt Sub Sum Swish Tan
    Tanh ThresholdedRelu Where Xor
    """
)
POOLING = _names(
    """
    AveragePool GlobalAveragePool GlobalLpPool GlobalMaxPool LpPool MaxPool MaxUnpool Resize Upsample
    """
)
NORMALISATION = _names(
    """
    BatchNormalization DequantizeLinear DynamicQuantizeLinear GroupNormalization InstanceNormalization LRN
    LayerNormalization LpNormalization MeanVarianceNormalization QuantizeLinear RMSNormalization
    """
)
REDUCTION = _names(
    """
    ArgMax ArgMin CumProd CumSum ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin
    ReduceProd ReduceSum ReduceSumSquare TopK
    """
)
LAYOUT = RESHAPES | COPIES | REPEATS | _names(
    """
    CenterCropPad Compress Concat DepthToSpace Gather GatherElements GatherND NonZero OneHot Pad Range
    ReverseSequence Scatter ScatterElements ScatterND Slice SpaceToDepth Split Transpose Trilu
    """
)  # fmt: skip
WITHOUT_MACS = MAKES | ELEMENTWISE | POOLING | NORMALISATION | REDUCTION | LAYOUT

# Known to do MACs, or to run others that do, which no LayerShape describes.
REFUSED = _names(
    """
    AffineGrid Attention CausalConvWithState ConvTranspose DFT DeformConv Det Einsum GRU
    GridSample If LSTM LinearAttention Loop RNN RoiAlign
    RotaryEmbedding STFT
    Scan SequenceMap
    """
)
