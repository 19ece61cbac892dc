"""The functions of Apply Math Operation, one class per category, by their display names."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special


def double_factorial(x: Any) -> Any:
    """x (x - 2) (x - 4) ..., continued to all real numbers."""
    return 2 ** (x / 2) * (np.pi / 2) ** ((np.cos(np.pi * x) - 1) / 4) * special.gamma(x / 2 + 1)


def exponential_integral(x: Any) -> Any:
    """The integral of (1 - exp(-t)) / t from 0 to x, by its series near 0."""
    series, term = np.zeros_like(x), -np.ones_like(x)
    for n in range(1, 12):
        term = -term * x / n
        series = series + term / n
    return np.where(np.abs(x) < 0.5, series, np.euler_gamma + np.log(np.abs(x)) - special.expi(-x))


class Basic:
    """Powers, roots, logarithms. Exp2 is y * 2**x; Hypotenuse, Atan2, Log, NthRoot and Pow take a second argument."""

    Abs = staticmethod(np.abs)
    Atan2 = staticmethod(np.arctan2)
    Conj = staticmethod(np.conj)
    CubeRoot = staticmethod(np.cbrt)
    DoubleFactorial = staticmethod(lambda x: double_factorial(x))
    Eps = staticmethod(lambda x: np.spacing(np.abs(x)))
    Exp = staticmethod(np.exp)
    Exp2 = staticmethod(lambda x, y: y * np.exp2(x))
    ExpMinus1 = staticmethod(np.expm1)
    Factorial = staticmethod(lambda x: np.where(x < 0, np.nan, special.gamma(x + 1)))
    Hypotenuse = staticmethod(np.hypot)
    Ln = staticmethod(np.log)
    LnPlus1 = staticmethod(np.log1p)
    Log = staticmethod(lambda x, y: np.log(x) / np.log(y))
    Log10 = staticmethod(np.log10)
    Log2 = staticmethod(np.log2)
    NthRoot = staticmethod(lambda x, y: np.where((x < 0) & (y % 2 == 1), -((-x) ** (1 / y)), x ** (1 / y)))
    Pow = staticmethod(np.power)
    Sqrt = staticmethod(np.sqrt)
    SqrtPi = staticmethod(lambda x: np.sqrt(np.pi * x))
    Square = staticmethod(np.square)


class Compare:
    """Comparisons with a second argument; PairMax and PairMin give the larger and the smaller of two numbers."""

    EqualTo = staticmethod(np.equal)
    GreaterThan = staticmethod(np.greater)
    GreaterThanOrEqualTo = staticmethod(np.greater_equal)
    LessThan = staticmethod(np.less)
    LessThanOrEqualTo = staticmethod(np.less_equal)
    NotEqualTo = staticmethod(np.not_equal)
    PairMax = staticmethod(np.maximum)
    PairMin = staticmethod(np.minimum)


class Operations:
    """Arithmetic with a second argument; a division by zero is infinite."""

    Add = staticmethod(np.add)
    Subtract = staticmethod(np.subtract)
    Multiply = staticmethod(np.multiply)
    Divide = staticmethod(np.divide)


class Rounding:
    """Rounding to digits; x = y * Quotient + Remainder with the sign of x, Mod has the sign of y."""

    Ceiling = staticmethod(np.ceil)
    CeilingPower2 = staticmethod(lambda x: np.where(x > 0, np.exp2(np.ceil(np.log2(x))), np.where(x == 0, 0.0, np.nan)))
    Floor = staticmethod(lambda x, y: np.floor(x * 10.0**y) / 10.0**y)
    Mod = staticmethod(np.mod)
    Quotient = staticmethod(lambda x, y: np.trunc(x / y))
    Remainder = staticmethod(np.fmod)
    RoundDigits = staticmethod(lambda x, y: np.rint(x * 10.0**y) / 10.0**y)
    RoundDown = staticmethod(lambda x, y: np.trunc(x * 10.0**y) / 10.0**y)
    RoundUp = staticmethod(lambda x, y: np.sign(x) * np.ceil(np.abs(x) * 10.0**y) / 10.0**y)
    ToEven = staticmethod(lambda x: 2 * np.rint(x / 2))
    ToOdd = staticmethod(lambda x: 2 * np.floor(x / 2) + 1)
    Truncate = staticmethod(lambda x, y: np.trunc(x * 10.0**y) / 10.0**y)


class Special:
    """Special functions; Beta, PolyGamma (of order y) and the regularized gamma functions take a second argument."""

    Beta = staticmethod(special.beta)
    BetaLn = staticmethod(special.betaln)
    EllipticIntegralE = staticmethod(special.ellipe)
    EllipticIntegralK = staticmethod(special.ellipk)
    Erf = staticmethod(special.erf)
    Erfc = staticmethod(special.erfc)
    ErfScaled = staticmethod(special.erfcx)
    ErfInverse = staticmethod(special.erfinv)
    ExponentialIntegralEin = staticmethod(lambda x: exponential_integral(x))
    Gamma = staticmethod(special.gamma)
    GammaLn = staticmethod(special.gammaln)
    GammaRegularizedP = staticmethod(special.gammainc)
    GammaRegularizedPInverse = staticmethod(special.gammaincinv)
    GammaRegularizedQ = staticmethod(special.gammaincc)
    GammaRegularizedQInverse = staticmethod(special.gammainccinv)
    PolyGamma = staticmethod(lambda x, y: special.polygamma(y.astype("int64"), x))


class Trigonometric:
    """Circular and hyperbolic functions and their inverses, of radians or degrees. Sinc is sin(x) / x."""

    Acos = staticmethod(np.arccos)
    AcosDegree = staticmethod(lambda x: np.degrees(np.arccos(x)))
    Acosh = staticmethod(np.arccosh)
    Acot = staticmethod(lambda x: np.arctan(1 / x))
    AcotDegrees = staticmethod(lambda x: np.degrees(np.arctan(1 / x)))
    Acoth = staticmethod(lambda x: np.arctanh(1 / x))
    Acsc = staticmethod(lambda x: np.arcsin(1 / x))
    AcscDegrees = staticmethod(lambda x: np.degrees(np.arcsin(1 / x)))
    Asec = staticmethod(lambda x: np.arccos(1 / x))
    AsecDegrees = staticmethod(lambda x: np.degrees(np.arccos(1 / x)))
    Asech = staticmethod(lambda x: np.arccosh(1 / x))
    Asin = staticmethod(np.arcsin)
    AsinDegrees = staticmethod(lambda x: np.degrees(np.arcsin(x)))
    Asinh = staticmethod(np.arcsinh)
    Atan = staticmethod(np.arctan)
    AtanDegrees = staticmethod(lambda x: np.degrees(np.arctan(x)))
    Atanh = staticmethod(np.arctanh)
    Cos = staticmethod(np.cos)
    CosDegrees = staticmethod(lambda x: special.cosdg(x))
    Cosh = staticmethod(np.cosh)
    Cot = staticmethod(lambda x: 1 / np.tan(x))
    CotDegrees = staticmethod(lambda x: special.cotdg(x))
    Coth = staticmethod(lambda x: 1 / np.tanh(x))
    Csc = staticmethod(lambda x: 1 / np.sin(x))
    CscDegrees = staticmethod(lambda x: 1 / special.sindg(x))
    Csch = staticmethod(lambda x: 1 / np.sinh(x))
    DegreesToRadians = staticmethod(np.radians)
    Sec = staticmethod(lambda x: 1 / np.cos(x))
    SecDegrees = staticmethod(lambda x: 1 / special.cosdg(x))
    Sech = staticmethod(lambda x: 1 / np.cosh(x))
    Sign = staticmethod(np.sign)
    Sin = staticmethod(np.sin)
    Sinc = staticmethod(lambda x: np.where(x == 0, 1.0, np.sin(x) / x))
    SinDegrees = staticmethod(lambda x: special.sindg(x))
    Sinh = staticmethod(np.sinh)
    Tan = staticmethod(np.tan)
    TanDegrees = staticmethod(lambda x: special.tandg(x))
    Tanh = staticmethod(np.tanh)


def computed(category: str, function: str, first: Any, second: Any) -> Any:
    """One function of one or two arrays of numbers; NaN outside its domain."""
    kinds = {"Basic": Basic, "Compare": Compare, "Operations": Operations}
    more = {"Rounding": Rounding, "Special": Special, "Trigonometric": Trigonometric}
    operation = getattr({**kinds, **more}[category], function)
    with np.errstate(all="ignore"):
        return operation(first) if second is None else operation(first, second)
