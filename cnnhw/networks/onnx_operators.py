"""The ONNX operators that pass values on without MACs, and those whose MACs no LayerShape describes.

The course counts MACs of layers only. Element-wise operators, pooling and normalisation are left out, as in
the published tables. An operator that is on neither list is refused, so that no MAC is lost silently.
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


LAYERS = _names("Conv Gemm MatMul")
ELEMENTWISE = _names(
    """
    Abs Add And BitShift Cast CastLike Ceil Celu Clip Cos Div Elu Equal Erf Exp Floor Gelu Greater
    GreaterOrEqual HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Less LessOrEqual Log LogSoftmax
    Max Mean Min Mish Mod Mul Neg Not Or PRelu Pow Reciprocal Relu Round Selu Sigmoid Sign Sin Softmax
    Softplus Softsign Sqrt Sub Sum Swish Tanh ThresholdedRelu Where Xor
    """
)
POOLING = _names(
    """
    AveragePool GlobalAveragePool GlobalLpPool GlobalMaxPool LpPool MaxPool
    """
)
NORMALISATION = _names(
    """
    BatchNormalization Dropout GroupNormalization InstanceNormalization LRN LayerNormalization
    LpNormalization MeanVarianceNormalization RMSNormalization DequantizeLinear QuantizeLinear
    """
)
REDUCTION = _names(
    """
    ArgMax ArgMin ReduceL1 ReduceL2 ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum TopK
    """
)
LAYOUT = _names(
    """
    Concat Constant ConstantOfShape Expand Flatten Gather GatherElements GatherND Pad Range Reshape
    Resize Shape Size Slice SpaceToDepth DepthToSpace Split Squeeze Tile Transpose Unsqueeze Upsample
    """
)
WITHOUT_MACS = ELEMENTWISE | POOLING | NORMALISATION | REDUCTION | LAYOUT

REFUSED = _names(
    """
    Attention ConvInteger ConvTranspose DeformConv Einsum GRU If LSTM Loop MatMulInteger QLinearConv
    QLinearMatMul RNN Scan
    """
)

KEEPS_ORDER = _names("Flatten Reshape Squeeze Unsqueeze")
CHANGES_ORDER = _names("Transpose DepthToSpace SpaceToDepth")
