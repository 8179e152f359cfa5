import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { isolationHeaders } from './src/app/delivery/isolation.ts';
import { offlinePlugin } from './src/app/delivery/offline-plugin.ts';
import { preloadPlugin } from './src/app/delivery/preload-plugin.ts';
import { previewPlugin } from './src/app/delivery/preview-plugin.ts';
import { stillPlugin } from './src/app/delivery/still-plugin.ts';
import { coveragePlugin } from './src/coverage/plugin.ts';
import { lessonsPlugin } from './src/lessons/plugin.ts';
import { nodePackages, nodeShimsPlugin } from './src/runtimes/node/shims-plugin.ts';

export default defineConfig({
  plugins: [
    ...[react(), tailwindcss(), lessonsPlugin(), coveragePlugin(), nodeShimsPlugin()],
    ...[preloadPlugin(), stillPlugin(), offlinePlugin(), previewPlugin()],
  ],
  server: { headers: isolationHeaders },
  preview: { port: Number(process.env.PORT ?? 4173), strictPort: true },
  worker: { format: 'es', plugins: () => [nodeShimsPlugin()] },
  optimizeDeps: {
    exclude: ['pyodide'],
    include: nodePackages,
    rolldownOptions: { plugins: [nodeShimsPlugin()] },
  },
  build: {
    target: 'es2022',
    outDir: process.env.DIST ?? 'dist',
    emptyOutDir: false, // offlinePlugin removes the last page, and only that
  },
  test: {
    setupFiles: ['src/conformance/seed.ts'],
    // Vitest leaves a core to others; much of what the tests do is wait for another process.
    maxWorkers: 2,
    environment: 'node', // a test that needs a document opens with @vitest-environment happy-dom
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}'],
          exclude: ['src/conformance/**'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['src/conformance/**/*.test.ts'],
          // They speak to nothing but a newer server.
          exclude: process.env.REDIS_SERVER_NEW
            ? []
            : ['**/field-expiry.test.ts', '**/keystats.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
