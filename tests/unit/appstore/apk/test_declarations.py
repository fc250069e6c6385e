"""What inspection reads from a good APK."""

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appstore.apk import ApkFacts
from appstore.apk.inspect import inspect_with_icon
from muster.server.demo.apk_extras import square
from muster.server.demo.apk_manifest import Reference, Tag, encode_xml
from muster.server.demo.apks import ApkKey

LABEL, ICON, FLAG = 0x7F010000, 0x7F020000, 0x7F030000
LATER = ("labels", "permissions_sdk_23", "restrictions", "network_security")
TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def test_a_good_apk_is_read_exactly(forge, key):
    apk = forge.good(
        label="Notes 记录",
        permissions=("android.permission.CAMERA", "android.permission.NFC"),
        extra=b"map tiles",
    )
    assert forge.inspect(apk) == ApkFacts(
        package="city.muster.notes",
        version_code=7,
        version_name="1.7",
        label="Notes 记录",
        label_zh="",
        icon="",
        min_sdk=26,
        target_sdk=34,
        permissions=("android.permission.CAMERA", "android.permission.NFC"),
        max_sdk_by_permission={},
        features=(),
        native_abis=(),
        debuggable=False,
        test_only=False,
        allow_backup=True,
        cleartext=False,
        shared_user_id="",
        exported_components=(),
        guarding_permissions=(),
        deep_links=(),
        signer_sha256=key.sha256,
        signer_subject="CN=First publisher",
        key_kind="EC",
        key_bits=256,
        schemes=("v2", "v3"),
        lineage=(key.sha256,),
        sha256=hashlib.sha256(apk).hexdigest(),
        size=len(apk),
    )


def test_an_rsa_key_is_named_with_its_size(forge):
    key = ApkKey.generate("RSA publisher", use_rsa=True)
    facts = forge.inspect(forge.good(key=key))
    assert (facts.key_kind, facts.key_bits, facts.signer_sha256) == ("RSA", 2048, key.sha256)


def test_facts_survive_json(forge):
    facts = forge.inspect(forge.good(permissions=("android.permission.NFC",)))
    kept = json.loads(json.dumps(facts.as_dict()))
    assert ApkFacts.from_dict(kept) == facts
    older = {name: value for name, value in kept.items() if name not in LATER}
    assert ApkFacts.from_dict(older) == facts, "kept by an earlier version of the store"


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    code=st.integers(1, 2**31 - 1),
    label=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100),
    debuggable=st.booleans(),
    extra=st.binary(max_size=5000),
)
def test_whatever_is_built_is_read_back(forge, code, label, debuggable, extra):
    apk = forge.good(version_code=code, label=label, debuggable=debuggable, extra=extra)
    facts = forge.inspect(apk)
    assert (facts.version_code, facts.label, facts.debuggable) == (code, label, debuggable)


def test_a_long_version_code_counts_its_major_part(forge):
    facts = forge.inspect(forge.package(forge.manifest(versionCodeMajor=2)))
    assert facts.version_code == (2 << 32) + 7


def test_native_code_tells_its_processors(forge):
    files = {"lib/arm64-v8a/a.so": b"1", "lib/x86/a.so": b"2", "lib/readme": b"3"}
    assert forge.inspect(forge.package(forge.manifest(), files)).native_abis == ("arm64-v8a", "x86")


def test_a_permission_limited_in_one_place_and_not_in_another_is_unlimited(forge):
    limited = {"name": "a.LIMITED", "maxSdkVersion": 28}
    facts = forge.inspect(
        forge.package(
            forge.manifest(
                Tag("uses-permission", limited),
                Tag("uses-permission", {"name": "a.BOTH", "maxSdkVersion": 28}),
                Tag("uses-permission-sdk-23", {"name": "a.BOTH"}),
                Tag("uses-permission-sdk-23", {"name": "a.LATER"}),
                Tag("uses-feature", {"name": "android.hardware.nfc"}),
                Tag("uses-feature"),
            )
        )
    )
    assert facts.permissions == ("a.LIMITED", "a.BOTH", "a.LATER")
    assert facts.permissions_sdk_23 == ("a.LATER",)
    assert facts.max_sdk_by_permission == {"a.LIMITED": 28}
    assert facts.features == ("android.hardware.nfc",)


def test_open_components_are_those_others_can_call_without_a_permission(forge):
    view = Tag("intent-filter", {}, (Tag("data", {"scheme": "muster", "host": "stop"}),))
    application = Tag(
        "application",
        {},
        (
            Tag("activity", {"name": ".Linked"}, (view,)),
            Tag("activity", {"name": "Closed", "exported": False}, (view,)),
            Tag("activity", {"name": ".Inner"}),
            Tag("service", {"name": "a.b.Open", "exported": True}),
            Tag("service", {"name": ".Guarded", "exported": True, "permission": "p.BIND"}),
            Tag("provider", {"name": ".Half", "exported": True, "readPermission": "p.READ"}),
            Tag("receiver", {"name": "Bare", "exported": True, "permission": ""}),
        ),
    )
    facts = forge.inspect(forge.package(forge.manifest(application)))
    assert facts.exported_components == (
        "city.muster.notes.Linked",
        "a.b.Open",
        "city.muster.notes.Half",
        "city.muster.notes.Bare",
    )
    assert facts.guarding_permissions == ("p.BIND", "p.READ")
    assert facts.deep_links == ("muster://stop",)


def test_an_application_wide_permission_guards_every_component_without_its_own(forge):
    children = (
        Tag("service", {"name": ".Inherits", "exported": True}),
        Tag("service", {"name": ".Opens", "exported": True, "permission": ""}),
    )
    application = Tag("application", {"permission": "p.ALL"}, children)
    facts = forge.inspect(forge.package(forge.manifest(application)))
    assert facts.exported_components == ("city.muster.notes.Opens",)


@pytest.mark.parametrize(
    ("target_sdk", "attributes", "cleartext"),
    [(27, {}, True), (28, {}, False), (34, {"usesCleartextTraffic": True}, True)],
)
def test_cleartext_follows_the_manifest_or_the_target(forge, target_sdk, attributes, cleartext):
    sdk = Tag("uses-sdk", {"minSdkVersion": 26, "targetSdkVersion": target_sdk})
    manifest = forge.manifest(sdk, Tag("application", attributes))
    assert forge.inspect(forge.package(manifest)).cleartext is cleartext


def test_label_and_icon_are_found_in_the_resource_table(forge, resource_table):
    application = Tag("application", {"label": Reference(LABEL), "icon": Reference(ICON)})
    files = {"resources.arsc": resource_table, "res/a.png": square(8), "res/b.png": square(9)}
    facts = forge.inspect(forge.package(forge.manifest(application), files))
    assert (facts.label, facts.label_zh, facts.icon) == ("Notes", "记录", "res/b.png")
    assert facts.labels == {"zh": "记录"}
    for no_picture in (b"<svg/>", square(4000), b""):
        shown = {**files, "res/b.png": no_picture}
        facts = forge.inspect(forge.package(forge.manifest(application), shown))
        assert facts.icon == "res/a.png", "the densest picture that is one"


def test_the_icons_bytes_come_with_what_they_are(forge):
    apk = forge.good(icons={160: square(48), 640: square(192)}, labels={"zh-Hans": "记事"})
    inspected = inspect_with_icon(forge.write(apk))
    assert (inspected.icon.media_type, inspected.icon.data) == ("image/png", square(192))
    assert inspected.facts.label_zh == "记事"


LEAVES = st.one_of(
    st.tuples(st.just("bool"), st.booleans()),
    st.tuples(st.just("integer"), st.integers(-(2**31), 2**31 - 1)),
    st.tuples(st.sampled_from(["string", "hidden"]), st.text(TEXT, max_size=40)),
    st.tuples(st.sampled_from(["choice"]), st.sampled_from(["a", "b"])),
    st.tuples(st.just("multi-select"), st.lists(st.sampled_from(["a", "b"]), unique=True)),
)


def _restriction(key, leaf):
    kind, default = leaf
    choices = [{"value": "a", "label": "A"}, {"value": "b", "label": "好"}]
    return {
        "key": key,
        "type": kind,
        "title": f"Title of {key}",
        "description": "",
        "default": default,
        "choices": choices if kind in {"choice", "multi-select"} else [],
        "nested": [],
    }


def _bundle(key, nested):
    return _restriction(key, ("bundle_array", None)) | {"nested": nested}


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(leaves=st.lists(LEAVES, max_size=6))
def test_the_settings_an_app_offers_are_read_back_with_their_types(forge, leaves):
    declared = [_restriction(f"k{number}", leaf) for number, leaf in enumerate(leaves)]
    declared.append(_bundle("outer", [_bundle("inner", declared.copy())]))
    assert list(forge.inspect(forge.good(restrictions=declared)).restrictions) == declared


def test_settings_nobody_can_make_are_refused(forge):
    leaf = _restriction("a", ("bool", True))
    deep = leaf
    for _ in range(6):
        deep = _bundle("a", [deep])
    many = [_restriction(f"k{number}", ("bool", None)) for number in range(501)]
    nothing = leaf | {"type": "choice", "default": None, "choices": []}
    for wrong in ([leaf, leaf], [deep], many, [leaf | {"key": ""}], [nothing]):
        assert forge.refusal(forge.good(restrictions=wrong)) == "restrictions_invalid"


def test_a_network_configuration_counts_at_its_most_permissive(forge):
    def facts(*children):
        files = {"res/xml/net.xml": encode_xml(Tag("network-security-config", {}, children))}
        manifest = forge.manifest(
            Tag("application", {"networkSecurityConfig": "res/xml/net.xml"}),
        )
        return forge.inspect(forge.package(manifest, files))

    user = Tag("trust-anchors", {}, (Tag("certificates", {"src": "user"}),))
    closed = facts(Tag("debug-overrides", {}, (user,)))
    assert (closed.cleartext, closed.trusts_user_certificates) == (False, False)
    opened = facts(Tag("domain-config", {"cleartextTrafficPermitted": "true"}, (user,)))
    assert (opened.cleartext, opened.trusts_user_certificates) == (True, True)
    assert len({closed.network_security, opened.network_security}) == 2


def test_a_flag_that_is_true_on_some_devices_is_true(forge, resource_table):
    application = Tag("application", {"debuggable": Reference(FLAG)})
    files = {"resources.arsc": resource_table}
    assert forge.inspect(forge.package(forge.manifest(application), files)).debuggable


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        (Tag("resources"), "manifest_invalid"),
        (Tag("manifest"), "package_name"),
        (Tag("manifest", {"package": "nodots", "versionCode": 1}), "package_name"),
        (Tag("manifest", {"package": "a..b", "versionCode": 1}), "package_name"),
        (Tag("manifest", {"package": "a.b"}), "version_code"),
        (Tag("manifest", {"package": "a.b", "versionCode": "1"}), "manifest_value"),
        (Tag("manifest", {"package": "a.b", "versionCode": Reference(FLAG)}), "manifest_value"),
        (Tag("manifest", {"package": "a.b", "versionCode": 1, "split": "de"}), "split_apk"),
    ],
)
def test_a_manifest_without_a_clear_identity_is_refused(forge, manifest, code):
    assert forge.refusal(forge.package(manifest)) == code


def test_a_debuggable_app_is_reported_not_hidden(forge):
    application = Tag("application", {"debuggable": True, "testOnly": True})
    facts = forge.inspect(forge.package(forge.manifest(application)))
    assert facts.debuggable
    assert facts.test_only


def test_a_flag_hidden_in_a_foreign_resource_is_refused(forge):
    application = Tag("application", {"debuggable": Reference(0x01110000)})
    assert forge.refusal(forge.package(forge.manifest(application))) == "manifest_value"


def test_a_second_application_element_is_refused(forge):
    twice = forge.manifest(Tag("application"), Tag("application", {"debuggable": True}))
    assert forge.refusal(forge.package(twice)) == "manifest_invalid"
