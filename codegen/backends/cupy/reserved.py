"""The names that a kernel may not use, each with who has taken it."""

from __future__ import annotations

import re

_C_AND_CPP = """
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t
    class co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue
    decltype default delete do double dynamic_cast else enum explicit export extern false float for friend
    goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private
    protected public register reinterpret_cast requires restrict return short signed sizeof static
    static_assert static_cast struct switch template this thread_local throw true try typedef typeid
    typename union unsigned using virtual void volatile wchar_t while xor xor_eq NULL
    int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t size_t ptrdiff_t
    INFINITY NAN M_PI M_E isnan isinf isfinite signbit
"""
_C_MATH = """
    abs acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh cospi erf erfc exp exp2 exp10
    expm1 fabs fdim floor fma fmax fmin fmod frexp hypot ilogb j0 j1 jn ldexp lgamma llrint llround log
    log10 log1p log2 logb lrint lround max min modf nan nearbyint nextafter norm normcdf pow rcbrt
    remainder remquo rhypot rint round rsqrt scalbn sin sincos sinh sinpi sqrt tan tanh tgamma trunc
    y0 y1 yn
"""
_CUDA = """
    threadIdx blockIdx blockDim gridDim warpSize half half2 __half bfloat16 bfloat162 nv_bfloat16
    float1 float2 float3 float4 double1 double2 double3 double4 int1 int2 int3 int4 uint1 uint2 uint3 uint4
    dim3 cudaStream_t clock clock64 complex thrust cuda std assert printf malloc free memcpy memset
    float16 float32 float64
"""


def _taken(names: str, by: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), by)


_RESERVED = {
    **_taken("cp launch", "the generated modules"),
    **_taken(_CUDA, "CUDA"),
    **_taken(_C_MATH, "the C mathematics library"),
    **_taken(_C_AND_CPP, "C and C++"),
    **_taken("n i", "CuPy (every kernel has n and i)"),
    **_taken("T", "the kernels (T is the type of the elements)"),
}


def reserved_by(name: str) -> str | None:
    """Who has taken `name`, or None if a kernel may use it."""
    if name.startswith("_"):
        return "CuPy (every name with a leading underscore)"
    if re.fullmatch(r"stage\d+_\w+|\w+_array", name):
        return "the fused kernels (what stages bring to a kernel)"
    return _RESERVED.get(name)
