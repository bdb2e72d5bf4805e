"""PyTorch's operators: those that are counted, those that pass, and those known to do MACs that are refused.

Only what is listed here passes; any other operator, a new one of PyTorch too, is refused by its name. Names
are those of the namespace aten without the underscore that marks an operator which overwrites its argument.
The course counts MACs of layers only. Element-wise operators, pooling, resizing and normalisation are left
out, as in the published tables.
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


COUNTED = _names("convolution mm addmm bmm baddbmm mv addmv dot vdot")
PRODUCTS = _names("mul div addcmul addcdiv")  # of two values, element by element
SUMS = _names("sum mean nansum cumsum")
RESHAPES = _names(  # the same words in the same order
    """
    _conj _lazy_clone _neg_view _reshape_alias _to_copy _unsafe_view alias clone detach lift
    lift_fresh reshape squeeze unsqueeze view
    """
)
PERMUTES = _names("permute transpose t")

# Constants made from nothing, or from no more than a shape.
MAKES = _names(
    """
    arange bartlett_window blackman_window empty empty_like empty_permuted empty_strided eye full
    full_like hamming_window hann_window kaiser_window linspace logspace new_empty new_empty_strided
    new_full new_ones new_zeros ones ones_like rand rand_like randint randint_like randn randn_like
    randperm range scalar_tensor tril_indices triu_indices zeros zeros_like
    """
)
MOVES = RESHAPES | PERMUTES | _names(
    """
    _copy_from _local_scalar_dense _stack _unsafe_index _unsafe_index_put as_strided
    as_strided_scatter block_diag cat channel_shuffle col2im constant_pad_nd copy diag_embed
    diagonal diagonal_scatter embedding equal expand fill flip gather im2col index index_copy
    index_fill index_put index_select masked_fill masked_scatter masked_select nonzero pixel_shuffle
    pixel_unshuffle put reflection_pad1d reflection_pad2d reflection_pad3d repeat repeat_interleave
    replication_pad1d replication_pad2d replication_pad3d roll rot90 scatter select select_scatter
    set slice slice_scatter split split_with_sizes stack take tril triu unbind unfold unsafe_split
    unsafe_split_with_sizes where zero
    """
)  # fmt: skip
ELEMENTWISE = PRODUCTS | _names(
    """
    __lshift__ __rshift__ _log_softmax _prelu_kernel _safe_softmax _softmax abs acos acosh add angle
    asin asinh atan atan2 atanh bernoulli bitwise_and bitwise_left_shift bitwise_not bitwise_or
    bitwise_right_shift bitwise_xor bucketize ceil celu clamp clamp_max clamp_min conj_physical
    copysign cos cosh deg2rad digamma elu eq erf erfc erfinv exp exp2 expm1 floor floor_divide fmax
    fmin fmod frac frexp ge gelu glu gt hardshrink hardsigmoid hardswish hardtanh heaviside hypot
    isin isinf isnan isneginf isposinf ldexp le leaky_relu lerp lgamma log log10 log1p log2
    log_sigmoid_forward logaddexp logaddexp2 logical_and logical_not logical_or logical_xor logit lt
    maximum minimum mish nan_to_num ne neg nextafter normal pow rad2deg reciprocal relu remainder
    round rrelu_with_noise rsqrt rsub sgn sigmoid sign signbit silu sin sinc sinh softplus
    softshrink sqrt square sub tan tanh threshold trunc uniform xlogy
    """
)
REDUCES = SUMS | _names(
    """
    _aminmax all amax amin aminmax any argmax argmin argsort count_nonzero cummax cummin cumprod
    index_add index_reduce kthvalue linalg_vector_norm logcumsumexp logsumexp max median min mode
    nanmedian norm prod scatter_add scatter_reduce sort std std_mean topk var var_mean
    """
)
POOLS = _names(
    """
    _adaptive_avg_pool2d _adaptive_avg_pool3d _upsample_bicubic2d_aa _upsample_bilinear2d_aa
    _upsample_nearest_exact1d _upsample_nearest_exact2d _upsample_nearest_exact3d
    adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool2d
    adaptive_max_pool3d avg_pool1d avg_pool2d avg_pool3d fractional_max_pool2d fractional_max_pool3d
    max_pool2d_with_indices max_pool3d_with_indices max_unpool2d max_unpool3d upsample_bicubic2d
    upsample_bilinear2d upsample_linear1d upsample_nearest1d upsample_nearest2d upsample_nearest3d
    upsample_trilinear3d
    """
)
NORMALISES = _names(
    """
    _batch_norm_no_update _batch_norm_with_update _fused_rms_norm _native_batch_norm_legit
    _native_batch_norm_legit_no_training _weight_norm_interface native_batch_norm native_dropout
    native_group_norm native_layer_norm renorm
    """
)
WITHOUT_MACS = MAKES | MOVES | ELEMENTWISE | REDUCES | POOLS | NORMALISES

# Known to do MACs that no LayerShape describes; the error then need not call them unknown.
REFUSED = _names(
    """
    _addmm_activation _cdist_forward _compute_linear_combination _conv_depthwise2d _convolution
    _dyn_quant_matmul_4bit _efficient_attention_forward _embedding_bag _embedding_bag_forward_only
    _euclidean_dist _fft_c2c _fft_c2r _fft_r2c _flash_attention_forward
    _flash_attention_forward_no_dropout_inplace _grouped_mm _int_mm _lstm_mps _mixed_dtypes_linear
    _mps_convolution _mps_convolution_transpose _native_multi_head_attention
    _nnpack_spatial_convolution _pdist_forward _scaled_dot_product_attention_math_for_mps
    _scaled_dot_product_cudnn_attention _scaled_dot_product_efficient_attention
    _scaled_dot_product_flash_attention _scaled_dot_product_flash_attention_for_cpu
    _scaled_dot_product_fused_attention_overrideable _scaled_grouped_mm _scaled_grouped_mm_v2
    _scaled_mm _scaled_mm_v2 _slow_conv2d_forward _sparse_addmm _sparse_mm_reduce_impl
    _sparse_semi_structured_addmm _sparse_semi_structured_linear _sparse_semi_structured_mm
    _thnn_fused_gru_cell _thnn_fused_lstm_cell _transformer_encoder_layer_fwd _trilinear
    _triton_multi_head_attention _triton_scaled_dot_attention _weight_int4pack_mm
    _weight_int4pack_mm_for_cpu _weight_int4pack_mm_with_scales_and_zeros _weight_int8pack_mm addbmm
    addr affine_grid_generator cholesky_solve conv_depthwise3d conv_tbc convolution_overrideable
    cudnn_convolution cudnn_convolution_add_relu cudnn_convolution_relu cudnn_convolution_transpose
    dist ger grid_sampler_2d grid_sampler_3d gru hspmm linalg_cross linalg_householder_product
    linalg_matrix_exp linear lstm matmul miopen_convolution miopen_convolution_add_relu
    miopen_convolution_relu miopen_convolution_transpose miopen_depthwise_convolution miopen_rnn
    mkldnn_convolution mkldnn_linear mkldnn_rnn_layer ormqr quantized_gru quantized_lstm rnn_relu
    rnn_tanh slow_conv3d_forward slow_conv_dilated2d slow_conv_dilated3d slow_conv_transpose2d
    slow_conv_transpose3d sspaddmm
    """
)


def plain_name(name: str) -> str:
    """Give an operator's name in these tables: without what marks that it overwrites its argument, or copies.

    >>> plain_name("relu_"), plain_name("view_copy"), plain_name("index_copy"), plain_name("new_one_")
    ('relu', 'view', 'index_copy', 'new_one_')
    """
    known = COUNTED | WITHOUT_MACS | REFUSED
    return next((to for to in (name, name.rstrip("_"), name.removesuffix("_copy")) if to in known), name)


def verdict(namespace: str, name: str) -> str:
    """Say what becomes of an operator that is not made of others.

    >>> verdict("aten", "mm"), verdict("aten", "relu_"), verdict("aten", "_int_mm"), verdict("mine", "relu")
    ('counted', 'passes', 'refused', 'not known')
    """
    plain = plain_name(name)
    if namespace != "aten":
        return "not known"
    tables = {"counted": COUNTED, "passes": WITHOUT_MACS, "refused": REFUSED}
    return next((word for word, table in tables.items() if plain in table), "not known")
