// Says honestly whether a live list is live: connected, waiting to reconnect, or stopped.
const states = {
  'htmx:sse:after:connection': 'on',
  'htmx:sse:error': 'retry',
  'htmx:sse:close': 'off'
}

function show (sign, state) {
  if (!sign.matches?.('.live')) return
  sign.dataset.state = state
  for (const label of sign.querySelectorAll('[data-when]')) label.hidden = label.dataset.when !== state
}

for (const [name, state] of Object.entries(states)) {
  document.addEventListener(name, event => show(event.target, state))
}
