"""What each rule looks for: the evidence against a release, none if there is nothing. Pure."""

from appstore.apk import ApkFacts
from appstore.vetting.measures import Evidence, Past, Standard
from appstore.vetting.permissions import PRIVILEGED, is_risky


def signer(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    if not past.pins or past.pins[-1] == now.signer_sha256 or past.pins[-1] in now.lineage[:-1]:
        return ()
    return (f"signed by {now.signer_sha256}", f"pinned is {past.pins[-1]}")


def kind(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    return (f"{now.package} is a web app",) if past.kind == "web" else ()


def owner(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    return () if past.owned else (now.package,)


def version(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    if now.version_code > past.highest:
        return ()
    return (f"version code {now.version_code}", f"highest approved is {past.highest}")


def in_review(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    return (f"version code {now.version_code}",) if now.version_code in past.in_review else ()


def retired(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    return (f"sha256 {now.sha256}",) if past.retired else ()


def debuggable(now: ApkFacts, _: Past, __: Standard) -> Evidence:
    return ("android:debuggable=true",) if now.debuggable else ()


def only_for_tests(now: ApkFacts, _: Past, __: Standard) -> Evidence:
    return ("android:testOnly=true",) if now.test_only else ()


def target(now: ApkFacts, _: Past, standard: Standard) -> Evidence:
    if now.target_sdk >= standard.target_sdk:
        return ()
    return (f"targets {now.target_sdk}", f"the floor is {standard.target_sdk}")


def weak_key(now: ApkFacts, _: Past, standard: Standard) -> Evidence:
    floor = standard.rsa_bits if now.key_kind == "RSA" else standard.ec_bits
    return () if now.key_bits >= floor else (f"{now.key_kind} with {now.key_bits} bits",)


def debug_certificate(now: ApkFacts, _: Past, __: Standard) -> Evidence:
    return (now.signer_subject,) if "CN=Android Debug" in now.signer_subject else ()


def permissions(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    before = past.previous.permissions if past.previous else ()
    return tuple(sorted(name for name in set(now.permissions) - set(before) if is_risky(name)))


def roles(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    before = past.previous.guarding_permissions if past.previous else ()
    taken = set(now.guarding_permissions) - set(before)
    return tuple(sorted(PRIVILEGED[name] for name in taken if name in PRIVILEGED))


def exported(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    """Every app opens its first screen, so a first release opens nothing newly."""
    if past.previous is None:
        return ()
    return tuple(sorted(set(now.exported_components) - set(past.previous.exported_components)))


def links(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    before = past.previous.deep_links if past.previous else ()
    return tuple(sorted(set(now.deep_links) - set(before)))


def cleartext(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    newly = now.cleartext and not (past.previous and past.previous.cleartext)
    return ("unencrypted HTTP is allowed",) if newly else ()


def backup(now: ApkFacts, _: Past, __: Standard) -> Evidence:
    return ("android:allowBackup=true",) if now.allow_backup else ()


def shared_user(now: ApkFacts, _: Past, __: Standard) -> Evidence:
    return (now.shared_user_id,) if now.shared_user_id else ()


def processors(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    """No native code runs everywhere, so the first native code may lose processors as well."""
    if past.previous is None or not now.native_abis:
        return ()
    if not past.previous.native_abis:
        return (f"runs on {', '.join(now.native_abis)} only",)
    return tuple(sorted(set(past.previous.native_abis) - set(now.native_abis)))


def growth(now: ApkFacts, past: Past, standard: Standard) -> Evidence:
    before = past.previous.size if past.previous else now.size
    if now.size * 100 <= before * (100 + standard.growth_percent):
        return ()
    return (f"{before} bytes before", f"{now.size} bytes now")


def rotation(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    rotated = past.pins and past.pins[-1] != now.signer_sha256 and past.pins[-1] in now.lineage
    return (f"{past.pins[-1]} hands over to {now.signer_sha256}",) if rotated else ()


def network_security(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    if past.previous is None or now.network_security == past.previous.network_security:
        return ()
    return (
        f"before {past.previous.network_security or 'none'}",
        f"now {now.network_security or 'none'}",
    )


def user_certificates(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    before = past.previous and past.previous.trusts_user_certificates
    newly = now.trusts_user_certificates and not before
    return ('<certificates src="user"/>',) if newly else ()
