export { seededRandom } from '../../src/rules/seeded-random.ts'
