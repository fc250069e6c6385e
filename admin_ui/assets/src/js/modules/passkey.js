// Makes a passkey, signs in with one, or confirms a step-up (WebAuthn level 3, JSON helpers of
// section 5.1.9). The options are the server's; what the browser answers goes back in the form.
const ways = {
  get: async options => navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options)
  }),
  create: async options => navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options)
  })
}

async function answer (form) {
  const given = await fetch(form.dataset.options, {
    method: 'POST',
    headers: { 'X-CSRF-Token': form.elements.csrf_token.value, Accept: 'application/json' }
  })
  if (!given.ok) throw new Error(String(given.status))
  const credential = await ways[form.dataset.passkey](await given.json())
  return JSON.stringify(credential.toJSON())
}

async function submit (event) {
  const form = event.currentTarget
  if (form.elements.credential.value) return
  event.preventDefault()
  const refused = form.querySelector('[data-passkey-refused]')
  refused.hidden = true
  try {
    form.elements.credential.value = await answer(form)
    form.requestSubmit()
  } catch {
    refused.hidden = false
  }
}

if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false
    form.addEventListener('submit', submit)
  }
}
