// Signs in, or confirms a step-up, with a passkey (WebAuthn level 3, JSON helpers of section 5.1.9).
const form = document.querySelector('form[data-passkey-options]')

async function assertion () {
  const answer = await fetch(form.dataset.passkeyOptions, {
    method: 'POST',
    headers: { 'X-CSRF-Token': form.elements.csrf_token.value, Accept: 'application/json' }
  })
  if (!answer.ok) throw new Error(String(answer.status))
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await answer.json())
  return navigator.credentials.get({ publicKey })
}

async function submit (event) {
  if (form.elements.credential.value) return
  event.preventDefault()
  const refused = form.querySelector('[data-passkey-refused]')
  refused.hidden = true
  try {
    form.elements.credential.value = JSON.stringify((await assertion()).toJSON())
    form.requestSubmit()
  } catch {
    refused.hidden = false
  }
}

if (form && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  form.hidden = false
  form.addEventListener('submit', submit)
}
