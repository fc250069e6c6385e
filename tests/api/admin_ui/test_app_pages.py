"""An app's rooms on the console: what it is told, how it does, what officers say of it."""

from uuid import uuid4

from tests.conftest import House
from tests.factories.appstore import PACKAGE, Store, apk
from tests.factories.console import signed_in
from tests.factories.mdm import PIN, Force

PAGE = f"/console/apps/{PACKAGE}"
DECLARED = [
    {"key": "server", "type": "string", "title": "Server"},
    {"key": "offline", "type": "bool", "title": "Works offline"},
    {
        "key": "views",
        "type": "multi-select",
        "title": "Views",
        "choices": [{"value": "map", "label": "Map"}, {"value": "list", "label": "List"}],
    },
    {"key": "days", "type": "integer", "title": "Days kept"},
]


def test_a_publisher_configures_an_app_reads_how_it_does_and_answers_a_fault(house: House) -> None:
    store = Store(Force(house))
    store.rolled(store.approved(apk(1, restrictions=DECLARED)), store.pilot)
    terminal = store.terminal(store.pilot)
    publisher = signed_in(store.force, "P9", "publisher")
    admin = signed_in(store.force, "A9", "device_admin")
    publisher.get(PAGE)
    assert f"{PAGE}/insight" in publisher.page

    form = {"scope": "everybody", "version": "0", "v0": "https://a.test", "s0": "1"}
    refused = publisher.post(f"{PAGE}/configs", **form, v3="many")
    assert refused.status_code == 422
    assert 'id="v3-error"' in publisher.page
    assert "https://a.test" in publisher.page, "what was typed is shown again"
    saved = publisher.post(f"{PAGE}/configs", **form, v1="false", v2=["map", "list"], v3="7")
    assert saved.status_code == 303
    pilot = {"scope": store.pilot, "version": "0", "v3": "14"}
    assert admin.post(f"{PAGE}/configs", **pilot).status_code == 303
    store.force.work()
    admin.get(f"{PAGE}/configs?terminal={label(store, terminal.id)}")
    assert "https://a.test" not in admin.page, "a secret of a scope that is not theirs"
    for told in ("pilot", "14", "•••"):
        assert told in admin.page
    assert not admin.forms(), "everybody is not theirs to tell"

    store.force.officer("204001", unit="N1")
    terminal.sign_in("204001", PIN)
    fault = {"package": PACKAGE, "kind": "fault", "text": "<b>froze</b>"}
    key = {"Idempotency-Key": str(uuid4())}
    assert terminal.call("POST", "/appstore/v1/feedback", fault, headers=key).status_code == 201
    publisher.get(f"{PAGE}/insight")
    assert "Insight: Notes" in publisher.page
    publisher.get(f"{PAGE}/feedback?state=open")
    assert "&lt;b&gt;froze&lt;/b&gt;" in publisher.page
    assert "204001" not in publisher.page
    link = publisher.page.split('href="/console/faults/')[1].split('"')[0]
    publisher.get(f"/console/faults/{link}")
    answered = publisher.post(f"/console/faults/{link}", version="1", answer="Known.", close="1")
    assert answered.status_code == 303
    publisher.get(f"/console/faults/{link}")
    assert "Known." in publisher.page
    assert not publisher.forms(), "it is closed"


def label(store: Store, device_id: object) -> str:
    rows = store.admin.get("/admin/v1/devices").get_json()["items"]
    [found] = [row["label"] for row in rows if row["id"] == str(device_id)]
    return str(found)
