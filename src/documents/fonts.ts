import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/**
 * Typefaces of the documents. The official ones (GB/T 9704 names 仿宋, 小标宋, 黑体, 楷体) may not be redistributed, so they
 * are used where the court has installed them and free ones stand in elsewhere. Names only: the files come through
 * fontconfig, because a page that loads them with `@font-face` prints thirteen times slower.
 */
export const fontStacks = {
  /** 仿宋, the body. */
  body: ['FangSong_GB2312', '仿宋_GB2312', 'FangSong', '仿宋', 'STFangsong', '华文仿宋', 'Noto Serif SC'],
  /** 小标宋, headings of a document. */
  title: [
    '方正小标宋_GBK',
    '方正小标宋简体',
    'FZXiaoBiaoSong-B05',
    'FZXiaoBiaoSong-B05S',
    'Noto Serif SC Black',
    'Noto Serif SC',
  ],
  /** 黑体, headings inside a document. */
  heading: ['SimHei', '黑体', 'Noto Sans SC'],
  /** 楷体, what somebody said. */
  speech: ['KaiTi_GB2312', '楷体_GB2312', 'KaiTi', '楷体', 'STKaiti', '华文楷体', 'Noto Serif SC'],
  /** 宋体, tables and page numbers. */
  plain: ['SimSun', '宋体', 'Noto Serif SC'],
} as const satisfies Record<string, readonly string[]>

/** CSS `font-family` value of each stack. */
export function fontFamilies(): Record<keyof typeof fontStacks, string> {
  const css = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ')
  return {
    body: css(fontStacks.body),
    title: css(fontStacks.title),
    heading: css(fontStacks.heading),
    speech: css(fontStacks.speech),
    plain: css(fontStacks.plain),
  }
}

/** Static TrueType files of the packages; one directory a weight, so that only what is used is scanned. */
const packagedFonts = [
  ['@expo-google-fonts/noto-serif-sc', ['400Regular', '700Bold', '900Black']],
  ['@expo-google-fonts/noto-sans-sc', ['400Regular', '700Bold']],
] as const

/**
 * Writes a private fontconfig file into `directory` and returns its path. It lists the packaged fonts, the system's and
 * `extraDirectories`, and refuses CFF and variable fonts, which Chromium would embed as Type 3: a copy of a free font in
 * the system can then never replace the packaged one by its name.
 *
 * @param directory existing or new directory; fontconfig keeps its cache there too
 * @param extraDirectories where the court keeps official fonts outside the system's font directories
 */
export async function writeFontConfiguration(
  directory: string,
  extraDirectories: readonly string[] = [],
): Promise<string> {
  const resolve = createRequire(import.meta.url).resolve
  const directories = [
    ...packagedFonts.flatMap(([name, weights]) => {
      const root = dirname(resolve(`${name}/package.json`))
      return weights.map((weight) => join(root, weight))
    }),
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    join(homedir(), '.fonts'),
    join(homedir(), '.local', 'share', 'fonts'),
    ...extraDirectories,
  ]
  const file = join(directory, 'fonts.conf')
  await mkdir(directory, { recursive: true })
  await writeFile(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
${directories.map((path) => `  <dir>${xmlText(path)}</dir>`).join('\n')}
  <cachedir>${xmlText(join(directory, 'cache'))}</cachedir>
  <selectfont>
    <rejectfont><pattern><patelt name="variable"><bool>true</bool></patelt></pattern></rejectfont>
    <rejectfont><pattern><patelt name="fontformat"><string>CFF</string></patelt></pattern></rejectfont>
  </selectfont>
  <alias><family>serif</family><prefer><family>Noto Serif SC</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Noto Sans SC</family></prefer></alias>
</fontconfig>
`,
  )
  return file
}

function xmlText(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
