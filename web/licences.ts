import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'vite';

/** Packages whose published files hold another package's code, which no list of modules shows. */
const INSIDE: Record<string, string[]> = { 'd3-array': ['internmap'] };

/** The folder of the npm package that a module belongs to, or null for our own modules. */
function folder(module: string): string | null {
  const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module.replace(/^\0/, ''));
  return match?.[1] ?? null;
}

function notice(path: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const file = readdirSync(path).filter((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry)).sort()[0];
  const text = file ? readFileSync(join(path, file), 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version} (${license})\n\n${text}`;
}

/** Writes licences.txt: the licence of every npm package of which code is in the bundle. */
export function licences(): Plugin {
  return {
    name: 'foedus-licences',
    generateBundle(_options, bundle) {
      const folders = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const [module, { renderedLength }] of Object.entries(chunk.modules)) {
          const path = folder(module);
          if (path && renderedLength > 0 && existsSync(join(path, 'package.json'))) folders.add(path);
        }
      }
      for (const path of [...folders]) {
        for (const inner of INSIDE[basename(path)] ?? []) folders.add(join(dirname(path), inner));
      }
      const notices = [...folders].map(notice).sort();
      const rule = `\n\n${'-'.repeat(78)}\n\n`;
      const head = 'The page of foedus studio holds code of these packages, each under its own licence.';
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: [head, ...notices].join(rule) + '\n' });
    },
  };
}
