"""What a failed rule says to the officer who holds the terminal, in English and Chinese.

With the deadline where there is one: what happens when, unless it is put right.
"""

# ruff: noqa: RUF001 - Chinese has its own commas and brackets

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any, Final

from mdm.compliance.judge import Finding

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "never_reported": (
        "This terminal has not reported its state yet. Let its agent check in.",
        "本终端尚未上报状态，请等待管理代理签到。",
    ),
    "awaiting_approval": (
        "This terminal has not been let in yet. A device admin must approve it.",
        "本终端尚未获准接入，须由设备管理员批准。",
    ),
    "wipe_pending": (
        "This terminal is about to be erased. Hand it to your device admin.",
        "本终端即将被清除，请交给设备管理员。",
    ),
    "parent_not_compliant": (
        "The terminal that this one belongs to is not in order. Put that one right first.",
        "本设备所属的主终端不合规，请先处理主终端。",
    ),
    "storage_not_encrypted": (
        "Storage is not encrypted. Turn on encryption in the system settings.",
        "存储未加密，请在系统设置中开启加密。",
    ),
    "no_passcode": (
        "No screen passcode is set. Set one.",
        "未设置锁屏密码，请设置密码。",
    ),
    "rooted": (
        "The system has been tampered with (rooted). Hand the terminal to your device admin.",
        "系统已被破解（root），请将终端交给设备管理员。",
    ),
    "patch_too_old": (
        "Security updates are missing. Install the system update.",
        "缺少安全补丁，请安装系统更新。",
    ),
    "agent_too_old": (
        "The management agent is too old. Let it update itself.",
        "管理代理版本过旧，请更新。",
    ),
    "configuration_not_applied": (
        "The required configuration is not applied. Keep the terminal online until it is.",
        "规定的配置尚未生效，请保持终端联网直至完成。",
    ),
    "usb_debugging": (
        "USB debugging is on. Turn it off in the developer settings.",
        "USB 调试已打开，请在开发者选项中关闭。",
    ),
    "attestation_failed": (
        "This terminal's hardware does not vouch for it. Hand it to your device admin.",
        "本终端密钥的硬件证明不可信，请将终端交给设备管理员。",
    ),
    "not_attested": (
        "Secure hardware has not vouched for this terminal's key lately. Let its agent attest.",
        "本终端密钥近期未经安全硬件证明，请让管理代理完成证明。",
    ),
    "attested_patch_too_old": (
        "When its key was made, the system was too old. Install the system update and attest again.",
        "生成密钥时系统版本过旧，请更新系统后重新证明。",
    ),
    "required_app_missing": (
        "A required app is missing. Keep the terminal online until it is installed.",
        "缺少必装应用，请保持终端联网直至安装完成。",
    ),
    "forbidden_app_installed": (
        "A forbidden app is installed. Remove it.",
        "安装了禁用的应用，请卸载。",
    ),
    "sim_changed": (
        "Another SIM is in the terminal. Put the old one back, or tell your device admin.",
        "终端的 SIM 卡已更换，请换回原卡或告知设备管理员。",
    ),
    "outside_fence": (
        "The terminal is outside the area it is meant for. Take it back.",
        "终端已离开规定区域，请带回。",
    ),
    "no_contact": (
        "The terminal has not reported for long. Bring it online.",
        "终端已长时间未上报，请联网。",
    ),
}
_FROM: Final[dict[str, tuple[str, str]]] = {
    "block": (
        "Otherwise it is closed to officers from {at}.",
        "否则自{at}起将停止向警员开放。",
    ),
    "wipe_app_data": (
        "Otherwise its work data is erased from {at}.",
        "否则自{at}起将清除其工作数据。",
    ),
    "wipe": (
        "Otherwise its wipe is asked for from {at}.",
        "否则自{at}起将申请清除本终端。",
    ),
}


def sentences(reason: str) -> dict[str, str]:
    """Return `{id, en, zh}` of a reason; an unknown id is its own sentence."""
    english, chinese = _SENTENCES.get(reason, (reason, reason))
    return {"id": reason, "en": english, "zh": chinese}


def told(reasons: Sequence[str], findings: Sequence[Finding], zone: tzinfo) -> list[dict[str, Any]]:
    """Return what the holder is told of each reason; what failed by a rule says since when.

    `{id, en, zh}`, and of a rule `severity, since, action, deadline, then` beside them; `deadline`
    and `then` are None where nothing worse is to come.
    """
    known = {found.id: found for found in findings}
    return [
        _told(known[reason], zone) if reason in known else sentences(reason) for reason in reasons
    ]


def _told(found: Finding, zone: tzinfo) -> dict[str, Any]:
    spoken = sentences(found.id)
    english, chinese = found.sentence_en or spoken["en"], found.sentence_zh or spoken["zh"]
    if found.deadline is not None and found.then in _FROM:
        threat, threat_zh = _FROM[found.then]
        english += " " + threat.format(at=_moment(found.deadline, zone, "%Y-%m-%d %H:%M %Z"))
        chinese += threat_zh.format(at=_moment(found.deadline, zone, "%Y年%m月%d日%H:%M"))
    return {
        "id": found.id,
        "en": english,
        "zh": chinese,
        "severity": found.severity,
        "since": found.since,
        "action": found.action,
        "deadline": found.deadline,
        "then": found.then,
    }


def _moment(at: datetime, zone: tzinfo, form: str) -> str:
    return at.astimezone(zone).strftime(form)
