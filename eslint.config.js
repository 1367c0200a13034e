import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Files that may open an outbound connection to a store: the one door of the design. */
const theOneDoor = ['src/magento/store-http.ts'];

/** Files that open connections to nothing but this machine: to the Redis beside the app. */
const toThisMachine = ['src/redis/is-listening.ts', 'src/redis/with-lock.ts'];

const useTheDoor = 'Use magento/store-http.ts.';

/** Ways out of the process, by the modules of Node.js and the names in them. What serves stays allowed. */
const waysOut = {
  http: ['request', 'get', 'Agent', 'globalAgent', 'ClientRequest', 'WebSocket', 'default'],
  https: ['request', 'get', 'Agent', 'globalAgent', 'default'],
  http2: ['connect', 'default'],
  net: ['connect', 'createConnection', 'Socket', 'Stream', 'default'],
  tls: ['connect', 'TLSSocket', 'default'],
  dgram: ['createSocket', 'Socket', 'default'],
};

/** Files that may read the environment: each is a process, not a library. */
const processes = ['src/main.ts', 'src/cli/*.ts', 'scripts/*.js', 'test/**'];

export default defineConfig(
  globalIgnores(['dist/', 'dist.*/', '.bench/', 'coverage/', '.data/']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, argsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'preserve-caught-error': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'A union of string literals instead.' },
        {
          selector: "CallExpression[callee.property.name='redirect'][arguments.length<2]",
          message: 'Name the status: res.redirect(303, …).',
        },
        {
          selector:
            'ImportExpression[source.value=/^(node:)?(https?|http2|net|tls|dgram|undici)$/]',
          message: useTheDoor,
        },
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: [...theOneDoor, 'src/cli/demo-browser.ts', 'src/sample-store/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        {
          globals: ['fetch', 'WebSocket', 'EventSource'].map((name) => ({
            name,
            message: useTheDoor,
          })),
          checkGlobalObject: true,
        },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'undici', message: useTheDoor },
            { name: 'axios', message: useTheDoor },
            { name: 'pino', message: 'Use log.ts, which writes named fields only.' },
            ...Object.entries(waysOut).flatMap(([module, importNames]) =>
              [module, `node:${module}`].map((name) => ({
                name,
                importNames,
                message: useTheDoor,
                allowTypeImports: true,
              })),
            ),
          ],
        },
      ],
    },
  },
  { files: ['src/log.ts'], rules: { '@typescript-eslint/no-restricted-imports': 'off' } },
  {
    files: toThisMachine,
    rules: { '@typescript-eslint/no-restricted-imports': 'off' },
  },
  {
    files: ['src/**'],
    ignores: processes,
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only a process reads the environment.' },
      ],
    },
  },
  { files: ['**/*.js'], rules: { 'no-undef': 'off' } },
  { files: ['src/cli/*.ts', 'scripts/*.js', 'bench/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['src/oauth1/**'],
    rules: {
      'no-restricted-globals': ['error', 'Date', 'fetch', 'performance', 'crypto'],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
    },
  },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'MemberExpression[property.name=/^(skip|only|todo)$/][object.name=/^(it|describe|test)$/]',
          message: 'Every test runs.',
        },
        {
          selector:
            "CallExpression[callee.object.name='jest'][callee.property.name=/^(mock|unstable_mockModule)$/]",
          message: 'No module is ever mocked.',
        },
      ],
    },
  },
  {
    files: ['*.js'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
