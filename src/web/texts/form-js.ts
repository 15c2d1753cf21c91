/**
 * Chinese texts of `@bpmn-io/form-js-viewer` 2.0. Used in the browser and by the server's check of a submission, so that
 * both word an error alike.
 */
const formTexts: Readonly<Record<string, string>> = {
  'Field is required.': '此项必填。',
  'Field must match pattern {value}.': '格式不符合要求。',
  'Field must have minimum value of {value}.': '不得小于 {value}。',
  'Field must have maximum value of {value}.': '不得大于 {value}。',
  'Min validation value is not a valid number.': '表单的最小值设置有误，请告知流程管理员。',
  'Max validation value is not a valid number.': '表单的最大值设置有误，请告知流程管理员。',
  'Field must have minimum length of {value}.': '至少 {value} 个字。',
  'Field must have maximum length of {value}.': '至多 {value} 个字。',
  'Field must be a valid email.': '请填写有效的电子邮箱。',
  'Field must be a valid international phone number. (e.g. +4930664040900)':
    '请填写带国际区号的电话（如 +8613800000000）。',
  'Value is not a number.': '请填写数字。',
  'Value is expected to be an integer.': '请填写整数。',
  'Value is expected to have at most 1 decimal digit.': '最多 1 位小数。',
  'Value is expected to have at most {value} decimal digits.': '最多 {value} 位小数。',
  'Please select a valid value, the two nearest valid values are {previousValue} and {nextValue}.':
    '请填写有效值，最接近的是 {previousValue} 和 {nextValue}。',
  'Date and time must both be entered.': '日期和时间须同时填写。',
  'Add new': '新增一行',
  'Expand all ({value})': '展开全部（{value}）',
  Collapse: '收起',
  'No files selected': '未选择文件',
  '{value} files selected': '已选择 {value} 个文件',
  Browse: '选择文件',
  Search: '搜索',
  Select: '请选择',
  'Remove tag': '移除标签',
  'Skip to search': '跳到搜索',
  'No results': '无匹配项',
  'All values selected': '已全部选择',
  'Nothing to show.': '暂无内容。',
  'No content to show.': '暂无内容。',
  "External content couldn't be loaded.": '外部内容无法加载。',
  '{page} of {total}': '第 {page} / {total} 页',
  'Next page': '下一页',
  'Previous page': '上一页',
  Increment: '增加',
  Decrement: '减少',
  'Download {fileName}': '下载 {fileName}',
  'Unable to download document': '文件下载失败。',
  'Document reference is not defined.': '未指定文件。',
}

/**
 * The `translate` service of form-js: the Chinese text with `{name}` replaced; a text that is not in the dictionary stays as
 * it is.
 */
export function translateFormText(template: string, replacements: Record<string, unknown> = {}): string {
  const text = Object.hasOwn(formTexts, template) ? (formTexts[template] ?? template) : template
  return text.replace(/\{([^}]+)\}/g, (placeholder, name: string) => String(replacements[name] ?? placeholder))
}
