// Sets the chosen theme before the first paint. Loaded in <head>, blocking, on purpose.
try {
  const chosen = localStorage.getItem('muster.theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch {
  // Storage may be forbidden; the system's preference then holds.
}
