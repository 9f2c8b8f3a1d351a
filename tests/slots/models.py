"""The schemas that the slot tests track."""

from __future__ import annotations

import enum
from datetime import date, time
from typing import Literal

from pydantic import BaseModel, Field


class Price(enum.Enum):
    CHEAP = "cheap"
    MODERATE = "moderate"
    EXPENSIVE = "expensive"


class RestaurantSearch(BaseModel):
    """A table to be found."""

    city: str | None = Field(default=None, description="City where the restaurant is")
    cuisine: str | None = Field(default=None, description="Kind of food served")
    party_size: int = Field(default=2, description="Number of people")
    day: date | None = Field(default=None, description="Date of the reservation")
    hour: time | None = Field(default=None, description="Time of the reservation")
    price: Price | None = Field(default=None, description="Price range")
    area: Literal["north", "south", "centre"] | None = Field(default=None, description="Part of town")
    outdoor_seating: bool | None = Field(default=None, description="Whether one can sit outdoors")
    restaurant_name: str | None = Field(default=None, description="Name of the restaurant")


class ZhSearch(BaseModel):
    """找一家餐馆"""

    城市: str | None = Field(default=None, description="餐馆所在的城市")
    菜系: str | None = Field(default=None, description="想吃的菜系")
    人数: int | None = Field(default=None, description="用餐人数")
    日期: date | None = Field(default=None, description="预订日期")
    时间: time | None = Field(default=None, description="预订时间")
    预算: str | None = Field(default=None, description="人均预算")
    档次: Literal["经济型", "高档型"] | None = Field(default=None, description="餐馆档次")


class Trip(BaseModel):
    """A flight and a room."""

    origin: str | None = Field(default=None, description="City to leave from")
    destination: str | None = Field(default=None, description="City to fly to")
    departure_date: date | None = Field(default=None, description="Date of departure")
    return_date: date | None = Field(default=None, description="Date of return")
    airline: str | None = Field(default=None, description="Airline to fly with")
    passengers: int | None = Field(default=None, description="Number of passengers")
    budget: int | None = Field(default=None, description="Most to pay")
    amenities: list[Literal["wifi", "pool", "gym"]] = Field(default_factory=list, description="Wanted amenities")
