"""The keys of a configuration in the words that people read; the English is the keys' own."""

from collections.abc import Callable
from typing import Final

N_: Callable[[str], str] = str

GROUPS: Final = {
    "general": N_("General"),
    "password": N_("Passcode"),
    "radios": N_("Radios"),
    "usb": N_("USB"),
    "wifi": N_("Wi-Fi"),
    "vpn": N_("VPN"),
    "certificates": N_("Certificates"),
    "apps": N_("Apps"),
    "kiosk": N_("Kiosk"),
    "updates": N_("System updates"),
    "fences": N_("Fences"),
    "lost": N_("Lost mode"),
    "hints": N_("Hints"),
}
SCOPES: Final = {
    "organisation": N_("Whole force"),
    "class": N_("Class of terminals"),
    "unit": N_("Unit"),
    "group": N_("Group"),
    "role": N_("Role of the holder"),
    "device": N_("Terminal"),
    "incident": N_("Incident"),
}
CHANGES: Final = {"added": N_("added"), "removed": N_("removed"), "changed": N_("changed")}
HELP: Final = {
    sentence: sentence
    for sentence in (
        N_("Shortest passcode, in characters"),
        N_("What a passcode must be made of"),
        N_("Failed tries until the terminal erases itself (CJIS 5.13.2 xi)"),
        N_("Days until a new passcode must be chosen"),
        N_("How many former passcodes may not be used again"),
        N_("Storage must be encrypted"),
        N_("Seconds without use until the screen locks"),
        N_("The camera may be used"),
        N_("The microphone may be used"),
        N_("The screen may be captured"),
        N_("Bluetooth may be on"),
        N_("Wi-Fi may be on"),
        N_("Mobile data may be on"),
        N_("NFC may be on"),
        N_("The terminal may share its connection"),
        N_("Developers may debug over USB"),
        N_("Files may be copied over USB"),
        N_("USB storage may be attached"),
        N_("Networks that the terminal joins by itself"),
        N_("App that provides the VPN"),
        N_("The VPN is always on"),
        N_("Nothing gets past the VPN"),
        N_("Certificate authorities the terminal trusts"),
        N_("Apps that must be installed"),
        N_("Apps that may be installed"),
        N_("Apps that may not be installed"),
        N_("Apps may come from unknown sources"),
        N_("Only the apps of the kiosk can be opened"),
        N_("App that opens by itself"),
        N_("Apps of the kiosk"),
        N_("When system updates are installed"),
        N_("Updates may begin at"),
        N_("Updates must have begun by"),
        N_("When the terminal may be used"),
        N_("Where the terminal may be used"),
        N_("What the terminal does outside all fences"),
        N_("The terminal is in lost mode"),
        N_("What a lost terminal shows"),
        N_("Number that a finder can call"),
        N_("How often a lost terminal reports where it is"),
        N_("Carriers of hints, best first"),
        N_("How often the terminal reports where it is; 0 never"),
        N_("Longest use without contact; then cached data is erased"),
        N_("How much the agent writes down"),
        N_("How often the terminal reports"),
        N_("What the locked screen shows"),
    )
}
