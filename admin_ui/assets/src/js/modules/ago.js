// Keeps "3 minutes ago" true while a page stays open.
const language = document.documentElement.lang
const steps = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]]
const words = new Intl.RelativeTimeFormat(language, { numeric: 'always' })

function phrase (moment) {
  const seconds = (moment - Date.now()) / 1000
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return words.format(Math.round(seconds / size), unit)
}

function refresh () {
  for (const time of document.querySelectorAll('time[data-ago]')) {
    time.textContent = phrase(Date.parse(time.dateTime))
  }
}

setInterval(() => { if (!document.hidden) refresh() }, 30_000)
