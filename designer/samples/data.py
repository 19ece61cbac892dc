"""The sample datasets: from scikit-learn and statsmodels, or generated with a fixed seed.

Nothing is downloaded. Generated tables resemble the real ones they are modelled on: learnable relations, noise,
missing values, categories of very different frequency.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Texts = np.ndarray[Any, np.dtype[np.object_]]


@dataclass(frozen=True)
class SampleDataset:
    """A sample dataset. Increase `version` whenever the generated table changes."""

    name: str
    description: str
    make: Callable[[], pd.DataFrame]
    version: str = "1"

    def frame(self) -> pd.DataFrame:
        """Load or generate the table."""
        return self.make()


def sample_datasets() -> tuple[SampleDataset, ...]:
    """All sample datasets."""
    return tuple(SampleDataset(name, description, make) for name, description, make in _shipped())


def census(rows: int = 20_000, seed: int = 20) -> pd.DataFrame:
    """Generate adults as in a census; income over 50K depends on education, work and marriage, with noise."""
    draw = np.random.default_rng(seed)
    age = np.clip(draw.gamma(6.5, 6.0, rows), 17, 90).astype(int)
    sex = _choose(draw, rows, {"Male": 67, "Female": 33})
    degree = draw.choice(len(_EDUCATION), rows, p=_shares([share for _, _, share in _EDUCATION]))
    education = np.array([name for name, _, _ in _EDUCATION], dtype=object)[degree]
    years = np.array([years for _, years, _ in _EDUCATION])[degree]
    occupation = _occupations(draw, years)
    married = draw.random(rows) < 1 / (1 + np.exp(-(age - 31) / 6)) * 0.68
    status = np.where(married, "Married", np.where(age < 30, "Never married", _choose(draw, rows, _UNMARRIED)))
    work = _choose(draw, rows, _WORK)
    hours = np.clip(draw.normal(40 + 3 * (sex == "Male") + 6 * (work == "Self-employed"), 10), 1, 99).astype(int)
    gain = np.where(draw.random(rows) < 0.04 + 0.008 * (years - 9).clip(0), draw.lognormal(8.6, 0.9, rows), 0.0)
    country = _choose(draw, rows, _COUNTRIES)
    pay = np.array([_PAY[name] for name in occupation])
    score = (
        -6.05 + 0.33 * years + 1.9 * married + pay + 0.034 * (hours - 40) + 0.9 * np.log1p(gain / 3000)
        + 0.035 * (np.minimum(age, 55) - 25) - 0.0016 * (age - 47.0) ** 2 + 0.25 * (sex == "Male")
        + 0.4 * (work == "Federal government")
    )  # fmt: skip
    over = draw.random(rows) < 1 / (1 + np.exp(-1.25 * (score - 0.2)))
    table = pd.DataFrame({
        "age": age, "workclass": work, "education": education, "education-years": years, "marital-status": status,
        "occupation": occupation, "sex": sex, "capital-gain": np.round(gain).astype(int), "hours-per-week": hours,
        "native-country": country, "income": np.where(over, ">50K", "<=50K"),
    })  # fmt: skip
    absent = draw.random(rows) < 0.055
    _forget(table, "workclass", absent)
    _forget(table, "occupation", absent | (draw.random(rows) < 0.004))
    _forget(table, "native-country", draw.random(rows) < 0.018)
    table["hours-per-week"] = table["hours-per-week"].astype("Int64").mask(draw.random(rows) < 0.012)
    return _as_text(table)


def bike_rentals(days: int = 731, seed: int = 7) -> pd.DataFrame:
    """Generate two years of bike rentals: most on warm, dry working days of the second year."""
    draw = np.random.default_rng(seed)
    seasons = np.array(["Winter", "Spring", "Summer", "Autumn"])
    date = pd.date_range("2023-01-01", periods=days, freq="D")
    turn = 2 * np.pi * (date.day_of_year.to_numpy() - 25) / 365.25
    temperature = 14 - 11 * np.cos(turn) + _persistent(draw, days, 3.2)
    humidity = np.clip(63 - 0.4 * (temperature - 14) + _persistent(draw, days, 11), 20, 100)
    wind = np.clip(12.5 + _persistent(draw, days, 5), 1, 45)
    wet = humidity + draw.normal(0, 8, days)
    weather = np.select([wet > 84, wet > 66], ["Rain or snow", "Mist"], "Clear")
    holiday = np.isin(date.strftime("%m-%d"), ["01-01", "05-01", "07-04", "12-25", "12-26"])
    working = (date.day_of_week.to_numpy() < 5) & ~holiday
    comfort = np.exp(-(((temperature - 24) / 13.5) ** 2))
    wetness = np.select([weather == "Rain or snow", weather == "Mist"], [0.45, 0.87], 1.0)
    trend = 1 + 0.55 * np.arange(days) / 365.25
    rentals = 3300 * trend * (0.18 + comfort) * wetness * np.where(working, 1.04, 0.96) * (1 - 0.006 * wind)
    return pd.DataFrame({
        "date": date.astype("datetime64[us]"), "season": seasons[(date.month.to_numpy() % 12) // 3],
        "holiday": holiday, "working day": working, "weather": weather, "temperature": temperature.round(1),
        "humidity": humidity.round(0), "wind speed": wind.round(1),
        "rentals": np.maximum(rentals * draw.normal(1, 0.09, days), 20).round().astype(int),
    })  # fmt: skip


def automobiles(rows: int = 400, seed: int = 11) -> pd.DataFrame:
    """Generate cars priced by make, power, weight and body, with missing values as in the well-known data set."""
    draw = np.random.default_rng(seed)
    make = _choose(draw, rows, _MAKES)
    premium = np.array([_PREMIUM.get(name, 0.0) for name in make])
    body = _choose(draw, rows, {"sedan": 47, "hatchback": 34, "wagon": 12, "hardtop": 4, "convertible": 3})
    diesel = draw.random(rows) < 0.1 + 0.25 * (make == "mercedes")
    size = np.clip(118 + 70 * premium + draw.normal(0, 24, rows), 60, 330)
    power = np.clip(size * np.where(diesel, 0.62, 0.86) + draw.normal(0, 11, rows), 45, 290)
    weight = 1650 + 5.2 * size + 180 * premium + 150 * (body == "wagon") + draw.normal(0, 170, rows)
    mileage = np.clip(58 - 0.0092 * weight - 0.05 * power + 6 * diesel + draw.normal(0, 2.2, rows), 12, 55)
    price = 5200 * np.exp(0.85 * premium + 0.0052 * power + 0.00016 * (weight - 2400) + 0.3 * (body == "convertible"))
    table = pd.DataFrame({
        "make": make, "fuel-type": np.where(diesel, "diesel", "gas"),
        "num-of-doors": np.where(np.isin(body, ["sedan", "wagon"]) | (draw.random(rows) < 0.2), "four", "two"),
        "body-style": body, "engine-size": size.round().astype(int),
        "horsepower": power.round(), "curb-weight": weight.round().astype(int), "city-mpg": mileage.round(1),
        "normalized-losses": np.clip(draw.normal(122 - 18 * premium, 30), 65, 256).round(),
        "price": (price * draw.lognormal(0, 0.09, rows)).round(),
    })  # fmt: skip
    table.loc[draw.random(rows) < 0.2, "normalized-losses"] = np.nan
    table.loc[draw.random(rows) < 0.02, "horsepower"] = np.nan
    table.loc[draw.random(rows) < 0.02, "price"] = np.nan
    _forget(table, "num-of-doors", draw.random(rows) < 0.01)
    return _as_text(table)


def customers(rows: int = 2_000, seed: int = 5) -> pd.DataFrame:
    """Generate customers in five groups of different sizes that differ in age, income, spending and visits."""
    draw = np.random.default_rng(seed)
    group = draw.choice(len(_GROUPS), rows, p=_shares([share for share, _ in _GROUPS]))
    centre = np.array([centre for _, centre in _GROUPS])[group]
    spread = np.array([6.0, 9000.0, 0.22, 1.6, 9.0])
    cells = centre + draw.normal(0, 1, centre.shape) * spread * np.array([1, 1, 100, 1, 1])
    return pd.DataFrame({
        "customer": [f"C{number:05d}" for number in range(1, rows + 1)],
        "age": np.clip(cells[:, 0], 18, 85).round().astype(int),
        "yearly income": np.clip(cells[:, 1], 9000, None).round(-2),
        "yearly spending": np.clip(cells[:, 2] * 10, 20, None).round(2),
        "visits per month": np.clip(cells[:, 3], 0, None).round(1),
        "online share": np.clip(cells[:, 4], 0, 100).round(0),
    })  # fmt: skip


def _shipped() -> list[tuple[str, str, Callable[[], pd.DataFrame]]]:
    return [
        ("Iris", "150 flowers of three species, four measurements (Fisher 1936).", _iris),
        ("Wine", "178 wines of three cultivars, 13 chemical measurements.", _wine),
        ("Breast cancer", "569 tumours, 30 measurements, malignant or benign (Wisconsin).", _breast_cancer),
        ("Diabetes", "442 patients, ten measurements, progression after a year.", _diabetes),
        ("Handwritten digits", "1,797 digits as 8 by 8 grey pixels.", _digits),
        ("Fair's affairs", "6,366 answers of a survey on marriages (Fair 1978).", _fair),
        ("Census income (generated)", "20,000 adults, missing values and categories; income over 50K.", census),
        ("Bike rentals (generated)", "731 days: weather, season, working day and rented bicycles.", bike_rentals),
        ("Automobile prices (generated)", "400 cars with missing values and their price.", automobiles),
        ("Customers (generated)", "2,000 customers of a shop in a handful of groups.", customers),
    ]


_WORK = {"Private": 73, "Self-employed": 11, "Local government": 7, "State government": 5, "Federal government": 4}
_COUNTRIES = {
    "United States": 900, "Mexico": 32, "Philippines": 10, "Germany": 9, "Canada": 8, "India": 8, "England": 6,
    "Cuba": 5, "China": 5, "Japan": 4, "Vietnam": 4, "Greece": 2, "Iceland": 1,
}  # fmt: skip
_MAKES = {
    "toyota": 24, "nissan": 15, "mazda": 14, "honda": 11, "mitsubishi": 10, "volkswagen": 10, "subaru": 9,
    "volvo": 9, "peugeot": 8, "dodge": 7, "bmw": 7, "mercedes": 6, "audi": 6, "saab": 5, "porsche": 3, "jaguar": 2,
}  # fmt: skip
_EDUCATION = (
    ("Some school", 7, 13), ("High school", 9, 32), ("Some college", 10, 22), ("Associate", 12, 8),
    ("Bachelors", 13, 17), ("Masters", 14, 6), ("Doctorate", 16, 2),
)  # fmt: skip
_UNMARRIED = {"Never married": 50, "Divorced": 38, "Widowed": 7, "Separated": 5}
_PAY = {"Executive": 1.0, "Professional": 0.8, "Technical": 0.5, "Sales": 0.35, "Protective": 0.5, "Clerical": 0.0,
        "Craft": 0.05, "Machine operator": -0.35, "Transport": -0.15, "Service": -0.9, "Farming": -1.1}  # fmt: skip
_PREMIUM = {
    "jaguar": 1.6, "porsche": 1.5, "mercedes": 1.3, "bmw": 1.0, "audi": 0.7, "volvo": 0.65, "saab": 0.5,
    "peugeot": 0.35,
}  # fmt: skip
_GROUPS = (
    (30, (34.0, 31_000.0, 60.0, 2.0, 62.0)), (26, (48.0, 52_000.0, 140.0, 4.5, 28.0)),
    (18, (27.0, 44_000.0, 320.0, 7.0, 80.0)), (16, (63.0, 38_000.0, 95.0, 9.0, 8.0)),
    (10, (45.0, 96_000.0, 480.0, 6.0, 45.0)),
)  # fmt: skip


def _iris() -> pd.DataFrame:
    from sklearn.datasets import load_iris

    return _labelled(load_iris(as_frame=True), "species")


def _wine() -> pd.DataFrame:
    from sklearn.datasets import load_wine

    bunch = load_wine(as_frame=True)
    return bunch.frame.drop(columns="target").assign(cultivar=[f"cultivar {n + 1}" for n in bunch.target])  # type: ignore[no-any-return]


def _breast_cancer() -> pd.DataFrame:
    from sklearn.datasets import load_breast_cancer

    return _labelled(load_breast_cancer(as_frame=True), "diagnosis")


def _diabetes() -> pd.DataFrame:
    from sklearn.datasets import load_diabetes

    frame: pd.DataFrame = load_diabetes(as_frame=True, scaled=False).frame
    frame = frame.rename(columns={"bmi": "body mass index", "bp": "blood pressure", "target": "progression"})
    return frame.assign(sex=np.where(frame["sex"] == 1, "1", "2"))


def _digits() -> pd.DataFrame:
    from sklearn.datasets import load_digits

    frame: pd.DataFrame = load_digits(as_frame=True).frame
    return frame.rename(columns={"target": "digit"})


def _fair() -> pd.DataFrame:
    from statsmodels.datasets import fair

    frame: pd.DataFrame = fair.load_pandas().data
    return frame.assign(affair=np.where(frame["affairs"] > 0, "yes", "no")).drop(columns="affairs")


def _labelled(bunch: Any, label: str) -> pd.DataFrame:
    names = np.array([str(name) for name in bunch.target_names], dtype=object)
    frame: pd.DataFrame = bunch.frame.drop(columns="target")
    return frame.assign(**{label: names[bunch.target]}).astype({label: "str"})


def _choose(draw: np.random.Generator, rows: int, weights: dict[str, int]) -> Texts:
    names: Texts = np.array(list(weights), dtype=object)
    chosen: Texts = names[draw.choice(len(names), rows, p=_shares(list(weights.values())))]
    return chosen


def _shares(weights: list[int]) -> Numbers:
    return np.asarray(weights, dtype=float) / sum(weights)


def _occupations(draw: np.random.Generator, years: Numbers) -> Texts:
    """Draw occupations by years of education, favouring those whose typical years are close."""
    typical_years = np.array([13, 15, 12, 11, 10, 10.5, 9, 8.5, 9, 8, 7.5])
    common = np.array([1.3, 1.1, 0.6, 1.3, 0.4, 1.4, 1.5, 1.1, 0.8, 1.4, 0.5])
    fit = np.log(common) - ((years[:, None] - typical_years[None, :]) / 3.0) ** 2
    chosen = np.argmax(fit + draw.gumbel(size=fit.shape), axis=1)
    names: Texts = np.array(list(_PAY), dtype=object)
    occupations: Texts = names[chosen]
    return occupations


def _persistent(draw: np.random.Generator, days: int, spread: float) -> Numbers:
    """AR(1) noise with coefficient 0.6, as in weather."""
    noise = draw.normal(0, spread * 0.8, days)
    for day in range(1, days):
        noise[day] += 0.6 * noise[day - 1]
    return noise


def _forget(table: pd.DataFrame, column: str, rows: Any) -> None:
    table[column] = table[column].mask(rows, None)


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in table.columns if table[name].dtype == object]
    return table.astype(dict.fromkeys(texts, "str"))
