import eslint from '@eslint/js';
import graphqlPlugin from '@graphql-eslint/eslint-plugin';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

/** The house, bottom to top: a folder may import from those before it, never from those after. */
const floors = ['vendors', 'sharing', 'ledger', 'invites', 'loaders', 'resolvers', 'graphql', 'server'];
const arrows = floors.map((floor, index) => ({
  files: [`src/${floor}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^\\.\\./(\\.\\./)?(${[...floors.slice(index + 1), 'emulators', 'workers', 'app', 'main'].join('|')})(/|$)`,
            message: 'Imports run edge → resolver → loader → provider → vendor call, never back.',
            allowTypeImports: floor === 'resolvers',
          },
        ],
      },
    ],
  },
}));

/** Test suites share code through test/support alone; what they test may be anywhere outside of test/. */
const suites = [
  { files: ['test/*.ts'], elsewhere: '^\\./(?!support/)' },
  { files: ['test/*/*.ts'], elsewhere: '^\\.\\./(?!support/|\\.\\./)' },
  { files: ['test/*/*/*.ts'], elsewhere: '^\\.\\./\\.\\./(?!support/|\\.\\./)' },
  { files: ['test/support/*.ts'], elsewhere: '^\\.\\./(?!\\.\\./)' },
].map(({ files, elsewhere }) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `${elsewhere}|^(\\.\\./)+test/`,
            message: 'A test suite imports from its own folder, test/support and the code under test only.',
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'src/generated/',
      'node_modules/',
      'data/',
      'examples/*/{dist,src/generated,node_modules}/',
    ],
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [eslint.configs.recommended, ...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'smart'],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      // There are no classes here, so no method has a `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  ...arrows,
  ...suites,
  {
    files: ['test/**/*.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect*'] }],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.name=/^after(All|Each)$/] MemberExpression[object.type="Identifier"][property.name=/^(close|stop|kill|goOn)$/]:not([optional=true])',
          message: 'Use closeAll: what never started, because beforeAll failed, must not fail again here.',
        },
      ],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['schema/*.graphql'],
    languageOptions: { parser: graphqlPlugin.parser },
    plugins: { '@graphql-eslint': graphqlPlugin },
    rules: {
      '@graphql-eslint/require-description': [
        'error',
        { types: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true },
      ],
      '@graphql-eslint/no-duplicate-fields': 'off',
      '@graphql-eslint/naming-convention': 'off',
      '@graphql-eslint/no-unreachable-types': 'off',
    },
  },
);
