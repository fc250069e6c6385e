"""What a failed rule says to the officer who holds the terminal, in English and Chinese."""

# ruff: noqa: RUF001 - Chinese has its own commas and brackets

from typing import Final

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "never_reported": (
        "This terminal has not reported its state yet. Let its agent check in.",
        "本终端尚未上报状态，请等待管理代理签到。",
    ),
    "wipe_pending": (
        "This terminal is about to be erased. Hand it to your device admin.",
        "本终端即将被清除，请交给设备管理员。",
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
}


def sentences(reason: str) -> dict[str, str]:
    """Return `{id, en, zh}` of a reason; an unknown id is its own sentence."""
    english, chinese = _SENTENCES.get(reason, (reason, reason))
    return {"id": reason, "en": english, "zh": chinese}
