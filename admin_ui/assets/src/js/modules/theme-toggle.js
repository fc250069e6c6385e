// Switches between light and dark and remembers the choice on this computer.
const root = document.documentElement
const dark = window.matchMedia('(prefers-color-scheme: dark)')

function current () {
  return root.dataset.theme ?? (dark.matches ? 'dark' : 'light')
}

function show (button) {
  button.setAttribute('aria-pressed', String(current() === 'dark'))
}

for (const button of document.querySelectorAll('[data-theme-toggle]')) {
  button.hidden = false
  show(button)
  dark.addEventListener('change', () => show(button))
  button.addEventListener('click', () => {
    root.dataset.theme = current() === 'dark' ? 'light' : 'dark'
    try {
      localStorage.setItem('muster.theme', root.dataset.theme)
    } catch {
      // Forbidden storage: the choice lasts as long as the page.
    }
    show(button)
  })
}
