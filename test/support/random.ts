export { seededRandom } from '../../src/rules/samples/seeded-random.ts'
