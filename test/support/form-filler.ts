import type { Locator, Page } from '@playwright/test'
import { onePagePdf } from './pdf.ts'

interface Component {
  id: string
  type: string
  key?: string
  path?: string
  readonly?: boolean | string
  subtype?: string
  allowAddRemove?: boolean
  values?: { label: string; value: string }[]
  properties?: { widget?: string }
  components?: Component[]
}

type Row = Record<string, unknown>

/**
 * Fills a Camunda form on the page as a person would, field by field in the form's order, with answers by field key.
 * Fields that the answers before them hide are left alone.
 * @param answers the form's variable, e.g. the value of `reception`
 */
export async function fillForm(page: Page, schema: unknown, answers: Row): Promise<void> {
  await page.locator('.form-card:not([inert]) .fjs-form-field >> visible=true').first().waitFor()
  await fill(page, (schema as Component).components ?? [], (key) => valueAt(answers, key.split('.').slice(1)), '')
}

async function fill(page: Page, components: Component[], answer: (key: string) => unknown, row: string): Promise<void> {
  for (const component of components) {
    if (component.type === 'dynamiclist') await fillList(page, component, answer(component.path ?? ''))
    else if (component.components) await fill(page, component.components, answer, row)
    else if (component.key && component.readonly !== true) await fillField(page, component, answer(component.key), row)
  }
}

async function fillList(page: Page, list: Component, rows: unknown): Promise<void> {
  if (!Array.isArray(rows)) return
  const frame = page.locator('.fjs-form-field-dynamiclist', { has: page.getByText(labelOf(list), { exact: true }) })
  for (const [index, row] of (rows as Row[]).entries()) {
    // Some lists start with an empty row.
    const there = page.locator(`.form-card [id*="-${list.components?.[0]?.id}_${index}"]`)
    if (list.allowAddRemove && (await there.count()) === 0)
      await frame.getByRole('button', { name: '新增一行' }).click()
    await fill(page, list.components ?? [], (key) => valueAt(row, key.split('.')), `_${index}`)
  }
}

async function fillField(page: Page, component: Component, value: unknown, row: string): Promise<void> {
  if (value === undefined || value === null || value === '') return
  const control = (suffix = '') => page.locator(`.form-card [id$="-${component.id}${row}${suffix}"]`)
  const option = (code: unknown) => control(`-${component.values?.findIndex((offered) => offered.value === code)}`)
  if (component.properties?.widget === 'upload') {
    await control().setInputFiles({
      name: '签名件.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from(await onePagePdf()),
    })
    await page.getByText(/已上传：/).waitFor()
    return
  }
  if (component.properties?.widget === 'user') {
    await control().selectOption(String(value))
    return
  }
  switch (component.type) {
    case 'radio':
      await option(value).check()
      return
    case 'checklist':
      for (const code of value as unknown[]) await option(code).check()
      return
    case 'checkbox':
      await control().setChecked(value === true)
      return
    case 'select': {
      await control('-display').click()
      const name = component.values?.find((offered) => offered.value === value)?.label ?? ''
      await page.locator('.fjs-dropdownlist-item').getByText(name, { exact: true }).click()
      return
    }
    case 'datetime':
      await enter(control('-date'), String(value).slice(0, 10).replaceAll('-', '/'))
      if (component.subtype === 'datetime') await enter(control('-time'), String(value).slice(11, 16))
      return
    default:
      if ((await control().count()) === 0) return
      await control().fill(String(value))
      await control().blur()
  }
}

async function enter(control: Locator, text: string): Promise<void> {
  await control.fill(text)
  await control.press('Enter')
  await control.press('Tab')
}

function labelOf(component: Component): string {
  return (component as { label?: string }).label ?? ''
}

function valueAt(data: unknown, path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Row | undefined)?.[key], data)
}
