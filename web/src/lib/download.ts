import { exported } from './api';
import type { Envelope, Table } from './types';

const NS = 'http://www.w3.org/2000/svg';
const HEAD = 34;
const GAP = 8;
const DRAWN = [
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap', 'opacity',
  'font-size', 'font-weight', 'font-style', 'text-anchor', 'dominant-baseline', 'paint-order', 'visibility',
];

export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A file name of letters, digits and hyphens. */
export function fileName(title: string): string {
  const name = title.normalize('NFKD').replace(/[^\w]+/g, '-').replace(/^-+|-+$/g, '').toLowerCase();
  return name.slice(0, 80) || 'figure';
}

/** The text that a file carries inside: what it is, from what, by which version. */
export function caption(answer: Envelope): string {
  return [answer.citation, ...answer.sources.map(({ text }) => text)].filter(Boolean).join('\n');
}

/** What a picture shows below its drawing: the citation, and the first sources by their titles; `caption` has all. */
export function printed(answer: Envelope, most = 3): string {
  const titles = answer.sources.map(({ text }) => text.split(/\.\s/, 1)[0] ?? text);
  const more = titles.length - most;
  const told = titles.slice(0, most).join('; ') + (more > 0 ? `; and ${more} more, all named inside this file` : '');
  return [answer.citation, told && `Sources: ${told}.`].filter(Boolean).join('\n');
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line && line.length + word.length + 1 > width) {
        lines.push(line);
        line = word;
      } else line = line ? `${line} ${word}` : word;
    }
    lines.push(line);
  }
  return lines;
}

function resolved(from: SVGElement, to: SVGElement): void {
  const style = getComputedStyle(from);
  for (const name of DRAWN) {
    const value = style.getPropertyValue(name);
    if (value) to.setAttribute(name, value);
  }
  to.removeAttribute('style');
  to.removeAttribute('class');
  to.removeAttribute('tabindex');
}

/** Takes out the comments that the page's framework leaves between elements. */
function uncommented(node: Node): void {
  for (const child of [...node.childNodes]) {
    if (child.nodeType === Node.COMMENT_NODE) child.remove();
    else uncommented(child);
  }
}

interface Drawn {
  svg: SVGSVGElement;
  width: number;
  height: number;
}

/** A copy of a drawing that needs no style sheet. */
function copied(svg: SVGSVGElement): Drawn {
  const box = svg.getBoundingClientRect();
  const view = svg.viewBox.baseVal;
  const inner = svg.cloneNode(true) as SVGSVGElement;
  const before = [svg, ...svg.querySelectorAll<SVGElement>('*')];
  const after = [inner, ...inner.querySelectorAll<SVGElement>('*')];
  before.forEach((element, i) => resolved(element, after[i] as SVGElement));
  inner.querySelectorAll('[data-screen-only]').forEach((element) => element.remove());
  uncommented(inner);
  return { svg: inner, width: view?.width || box.width, height: view?.height || box.height };
}

/** A figure as a file of its own: its drawings below each other, title and citation inside, on the page's background. */
export function svgText(svgs: readonly SVGSVGElement[], title: string, answer: Envelope): string {
  const drawings = svgs.map(copied);
  const width = Math.max(...drawings.map((drawing) => drawing.width));
  const bottom = drawings.reduce((sum, drawing) => sum + drawing.height + GAP, HEAD);
  const lines = wrapped(printed(answer), Math.max(30, Math.floor(width / 5.6)));
  const height = bottom + 12 + lines.length * 13;
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue('--ink').trim();
  const root = element('svg', { xmlns: NS, width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': 'Helvetica, Arial, sans-serif' });
  root.append(element('title', {}, title), element('desc', {}, caption(answer)));
  root.append(element('rect', { width: '100%', height: '100%', fill: style.getPropertyValue('--paper').trim() }));
  root.append(element('text', { x: 8, y: 22, 'font-size': 15, 'font-weight': 600, fill: ink }, title));
  let y = HEAD;
  for (const drawing of drawings) {
    for (const [key, value] of Object.entries({ x: 0, y, width: drawing.width, height: drawing.height })) drawing.svg.setAttribute(key, String(value));
    root.append(drawing.svg);
    y += drawing.height + GAP;
  }
  lines.forEach((line, i) => root.append(element('text', { x: 8, y: bottom + 10 + i * 13, 'font-size': 10, fill: ink }, line)));
  return new XMLSerializer().serializeToString(root);
}

function element(name: string, attributes: Record<string, string | number>, text = ''): SVGElement {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}

export type Format = 'svg' | 'png' | 'pdf' | 'csv' | 'parquet';

/** Saves a figure (from its drawings) or its table in `format`. */
export async function saveFigure(
  format: Format,
  title: string,
  answer: Envelope,
  svgs: readonly SVGSVGElement[],
  table: Table | null,
): Promise<void> {
  const name = fileName(`${title} ${answer.system?.in ?? ''}`);
  const body = { format, name, citation: answer.citation, sources: answer.sources };
  if (format === 'csv' || format === 'parquet') {
    if (!table) throw new Error('This figure has no table');
    save(await exported({ ...body, table }), `${name}.${format}`);
    return;
  }
  if (!svgs.length) throw new Error('There is nothing drawn to save');
  const text = svgText(svgs, title, answer);
  if (format === 'svg') save(new Blob([text], { type: 'image/svg+xml' }), `${name}.svg`);
  else save(await exported({ ...body, citation: caption(answer), svg: text }), `${name}.${format}`);
}

export async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // No clipboard without a secure context (another host over http): the old way.
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('This browser does not let the page copy');
}
