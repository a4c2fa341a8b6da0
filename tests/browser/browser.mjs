// tests/browser/browser.mjs - Chromium for the tests of this folder, and where its driver lies.
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const root = resolve(here, '../..');

/** A package of package.json, from here or from where the build keeps its browser files; null when neither has it. */
export function findPackage(name) {
    for (const folder of [here, join(root, 'build/web')]) {
        if (existsSync(join(folder, 'node_modules', name)))
            return createRequire(join(folder, 'package.json'))(name);
    }
    return null;
}

/** Debian's Chromium, headless, talking to nobody but the pages of the test. */
export async function launchChromium(playwright) {
    return playwright.chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync'],
    });
}
