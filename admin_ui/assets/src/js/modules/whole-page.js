// When an answer lacks the part we asked for (signed out, refused, failed), shows it as a page.
document.addEventListener('htmx:before:swap', event => {
  const { ctx, tasks } = event.detail
  const main = tasks.find(task => task.type === 'main')
  if (!ctx.select || !main || main.fragment.childElementCount > 0) return
  event.preventDefault()
  window.location.assign(ctx.response.raw.url)
})
