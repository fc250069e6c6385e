// Builds static/dist: one style sheet, two scripts, one icon sprite, a manifest and the licences.
// Every file name carries a hash of its content, so a browser may keep it for ever.
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform, build as bundle } from 'esbuild'
import { compileAsync } from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, '..', 'static', 'dist')
const modules = join(here, 'node_modules')
const target = ['chrome120', 'firefox121', 'safari17']
const shipped = ['bootstrap', 'htmx.org', '@tabler/icons']

async function styles () {
  const compiled = await compileAsync(join(here, 'src/scss/console.scss'), {
    loadPaths: [modules],
    quietDeps: true,
    silenceDeprecations: ['import']
  })
  return (await transform(compiled.css, { loader: 'css', minify: true, target })).code
}

async function script (entry, format) {
  const built = await bundle({
    entryPoints: [join(here, 'src/js', entry)],
    bundle: true,
    minify: true,
    write: false,
    legalComments: 'none',
    format,
    target
  })
  return built.outputFiles[0].text
}

async function sprite () {
  const wanted = JSON.parse(await readFile(join(here, 'src/icons.json'), 'utf8'))
  const symbols = await Promise.all(Object.entries(wanted).map(async ([name, source]) => {
    const svg = await readFile(join(modules, '@tabler/icons/icons/outline', `${source}.svg`), 'utf8')
    const drawing = svg.replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, '').replace(/\s*\n\s*/g, '')
    return `<symbol id="${name}" viewBox="0 0 24 24">${drawing}</symbol>`
  }))
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`
}

async function licences () {
  const parts = await Promise.all(shipped.map(async name => {
    const { version, license } = JSON.parse(await readFile(join(modules, name, 'package.json'), 'utf8'))
    const text = await readFile(join(modules, name, 'LICENSE'), 'utf8')
    return `${name} ${version} (${license})\n\n${text.trim()}\n`
  }))
  return parts.join(`\n${'-'.repeat(72)}\n\n`)
}

function hashed (name, content) {
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 10)
  return name.replace(/\.(\w+)$/, `.${digest}.$1`)
}

const assets = {
  'console.css': await styles(),
  'console.js': await script('console.js', 'esm'),
  'theme.js': await script('theme.js', 'iife'),
  'icons.svg': await sprite(),
  'favicon.svg': await readFile(join(here, 'src/favicon.svg'), 'utf8')
}

await rm(dist, { recursive: true, force: true })
await mkdir(dist, { recursive: true })
const manifest = {}
for (const [name, content] of Object.entries(assets)) {
  manifest[name] = hashed(name, content)
  await writeFile(join(dist, manifest[name]), content)
}
await writeFile(join(dist, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')
await writeFile(join(dist, 'LICENSES.txt'), await licences())
