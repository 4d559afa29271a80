import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import * as graphqlEslint from '@graphql-eslint/eslint-plugin';

export default tseslint.config(
  { ignores: ['node_modules/**', '.data/**', 'coverage/**', 'schema/composed/**', 'portal/frontend-kit/generated.ts'] },
  {
    files: ['**/*.{ts,js}'],
    extends: [js.configs.recommended, ...tseslint.configs.strict, ...tseslint.configs.stylistic],
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['scripts/**', 'sandbox/**', '*.js'],
    rules: { 'no-console': 'off' },
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
  },
  {
    files: ['portal/**/browser/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...['document', 'location', 'history', 'navigator', 'sessionStorage', 'localStorage', 'crypto', 'fetch'],
          ...['URL', 'URLSearchParams', 'Headers', 'FormData', 'Option', 'TextEncoder', 'TextDecoder', 'btoa', 'atob'],
          ...['setInterval', 'setTimeout', 'addEventListener'],
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['subgraphs/*/schema.graphql', 'gateway/registers/**/*.graphql'],
    languageOptions: { parser: graphqlEslint.parser },
    plugins: { '@graphql-eslint': graphqlEslint },
    rules: {
      '@graphql-eslint/require-description': [
        'error',
        { types: true, FieldDefinition: true, DirectiveDefinition: true },
      ],
      '@graphql-eslint/naming-convention': [
        'error',
        {
          types: 'PascalCase',
          FieldDefinition: 'camelCase',
          InputValueDefinition: 'camelCase',
          Argument: 'camelCase',
          EnumValueDefinition: 'UPPER_CASE',
        },
      ],
      '@graphql-eslint/require-deprecation-reason': 'error',
      '@graphql-eslint/unique-enum-value-names': 'error',
      '@graphql-eslint/no-hashtag-description': 'error',
    },
  },
);
