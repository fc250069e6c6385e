// Bulk selection: "select all on this page", and a bar that appears once something is chosen.
function boxes (form) {
  return [...form.elements].filter(element => element.matches('input[type=checkbox][name=id]'))
}

function show (form) {
  const all = boxes(form)
  const chosen = all.filter(box => box.checked).length
  const bar = form.querySelector('[data-bulk-bar]')
  bar.hidden = chosen === 0
  bar.querySelector('[data-bulk-count]').textContent = chosen
  const master = document.querySelector(`[data-select-all="${form.id}"]`)
  if (!master) return
  master.checked = chosen > 0 && chosen === all.length
  master.indeterminate = chosen > 0 && chosen < all.length
}

document.addEventListener('change', event => {
  const target = event.target
  if (target.matches?.('[data-select-all]')) {
    const form = document.getElementById(target.dataset.selectAll)
    for (const box of boxes(form)) box.checked = target.checked
    show(form)
  } else if (target.form?.matches('[data-bulk]')) {
    show(target.form)
  }
})

function prepare () {
  for (const master of document.querySelectorAll('[data-select-all]')) master.hidden = false
  for (const form of document.querySelectorAll('form[data-bulk]')) show(form)
}

document.addEventListener('htmx:after:swap', prepare)
prepare()
