"""The slots that are tracked when the caller declares none."""

from __future__ import annotations

from dialog.slots import SlotDefinition, SlotSchema

GENERAL = SlotSchema(
    name="general",
    slots=(
        SlotDefinition(name="place", description="City, area or location of what is asked for 城市 地点"),
        SlotDefinition(name="date", type="date", description="Date of what is asked for 日期"),
        SlotDefinition(name="time", type="time", description="Time of what is asked for 时间"),
        SlotDefinition(name="party_size", type="int", description="Number of people 人数"),
        SlotDefinition(name="price", description="Price or budget 价格 预算"),
        SlotDefinition(name="cuisine", description="Cuisine of food 菜系"),
        SlotDefinition(name="person", description="Name of a person 姓名"),
        SlotDefinition(name="organisation", description="Company or institution 机构"),
        SlotDefinition(name="product", description="Product to be bought or found 商品"),
    ),
)
"""Language-neutral names, the same in every language; found by the finders of each language module."""
