"""Step 7: where is it, and whose ground is it."""

from typing import Any
from urllib.parse import urlencode

from muster.handheld import Terminal
from muster.ondevice import Datum, from_wgs84
from muster.server.demo.city.addresses import Address
from muster.server.demo.play import Play, expect
from muster.server.demo.shift.cast import MAIN


def find_the_ground(play: Play) -> None:
    """An address typed wrong is found on both sides; one point has one beat in either datum."""
    address = play.city.witness
    terminal = play.sign_in(MAIN, play.city.force.leads.first_officer)
    terminal.pull()
    typed = _mistyped(address)
    query = urlencode({"q": typed})
    found = terminal.connection.fetch("GET", f"/mobile/v1/map/addresses?{query}")["items"]
    ids = [hit["address"]["id"] for hit in found]
    expect(address.code in ids, f"{typed!r} found {ids}, not {address.code}")
    offline = [hit.address.id for hit in terminal.search(typed, limit=len(ids))]
    expect(offline == ids, f"offline it found {offline}, online {ids}")
    play.say(f"{typed!r} finds {address.text_en}, offline as well.")
    beat = _beat(terminal, address.lon, address.lat, Datum.WGS84)
    lon, lat = from_wgs84(address.lon, address.lat, Datum.GCJ02)
    expect(beat == address.beat, f"its beat is {address.beat}, the server says {beat}")
    expect(_beat(terminal, lon, lat, Datum.GCJ02) == beat, "GCJ-02 led to another beat")
    wrong = _beat(terminal, lon, lat, Datum.WGS84)
    expect(wrong != beat, "the datum made no difference here")
    play.say(f"Beat {beat} in WGS-84 and in GCJ-02; without its datum it would have been {wrong}.")


def _mistyped(address: Address) -> str:
    """Leave a letter out of the street's name, as thumbs do."""
    street = address.street_en
    return f"{address.number} {street[:2]}{street[3:]}"


def _beat(terminal: Terminal, lon: float, lat: float, datum: Datum) -> str:
    query = urlencode({"lon": lon, "lat": lat, "datum": datum.value})
    told: dict[str, Any] = terminal.connection.fetch("GET", f"/mobile/v1/map/jurisdiction?{query}")
    return next((area["code"] for area in told["areas"] if area["level"] == "beat"), "")
