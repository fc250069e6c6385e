// Tells the server the reader's time zone, so that moments are shown as their clock shows them.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
document.cookie = `muster-zone=${zone}; path=/; max-age=31536000; samesite=lax; secure`
