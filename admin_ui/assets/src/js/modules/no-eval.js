// Takes htmx's Function constructors away: the content policy forbids them, and so do we.
function refused () {
  throw new Error('evaluating code from attributes is switched off')
}

window.htmx.registerExtension('no-eval', {
  init: api => api.initSecurity(null, refused, refused)
})
