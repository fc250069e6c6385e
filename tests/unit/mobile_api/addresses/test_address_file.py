"""A file of addresses is read whole; what cannot be an address is named by line and column."""

from typing import Any, cast

import pytest

from mobile_api.addresses.importer import IMPORTER
from mobile_api.imports import Reading
from muster.kernel.uow import UnitOfWork

HEADING = (
    "code,text_zh,text_en,district,street_zh,street_en,number,building,community_zh,"
    "community_en,beat,lon,lat\n"
)
ROW = "D1,云漓市望江路1号,1 Wangjiang Road,459901,望江路,Wangjiang Road,1,,,,B1,110.29,25.27\n"
OTHER = ROW.replace("D1", "D2")


def read(text: str) -> Reading:
    return IMPORTER.read(cast("UnitOfWork", None), text.encode())


def test_a_sound_row_is_taken_as_it_is() -> None:
    reading = read(HEADING + ROW)
    assert reading.faults == []
    row: dict[str, Any] = reading.rows[0]
    assert (row["code"], row["building"], row["lon"]) == ("D1", "", 110.29)


@pytest.mark.parametrize(
    ("bad", "pointer"),
    [
        (OTHER.replace("110.29", "nan"), "/3/lon"),
        (OTHER.replace("25.27", "95"), "/3/lat"),
        (OTHER.replace("25.27", ""), "/3/lat"),
        (OTHER.replace("D2", "a code"), "/3/code"),
        (OTHER.replace("D2", "x" * 65), "/3/code"),
        (OTHER.replace("云漓市望江路1号", "——"), "/3/text_zh"),
        (OTHER.replace("Wangjiang Road,1", "w" * 201 + ",1"), "/3/street_en"),
        (ROW, "/3/code"),
        ("D9,short\n", "/3"),
    ],
)
def test_a_bad_row_is_named(bad: str, pointer: str) -> None:
    assert pointer in {fault.pointer for fault in read(HEADING + ROW + bad).faults}
