// Native dialogs: opens those the server sent open as modal, serves browsers without invoker
// commands, and holds a typed confirmation back until it matches.
const invokers = 'commandForElement' in HTMLButtonElement.prototype

function openAsModal (dialog) {
  dialog.removeAttribute('open')
  dialog.showModal()
}

document.addEventListener('click', event => {
  const dismiss = event.target.closest('[data-dismiss]')
  if (dismiss) dismiss.closest('.toast').remove()

  const button = event.target.closest('button[commandfor]')
  if (!button || invokers) return
  const dialog = document.getElementById(button.getAttribute('commandfor'))
  if (button.getAttribute('command') === 'show-modal') dialog.showModal()
  else dialog.close()
})

document.addEventListener('input', event => {
  const field = event.target
  if (!field.dataset?.confirm) return
  const matches = field.value.trim() === field.dataset.confirm
  field.setCustomValidity(matches ? '' : field.dataset.mismatch)
})

document.querySelectorAll('dialog[open]').forEach(openAsModal)
