import type { Finding } from '../../model/model.ts'
import type { Step } from './next-steps.ts'

/** What takes the place of a long-term key, by where the key was found: the first that fits. */
const replacements: readonly { readonly where: RegExp; readonly text: string }[] = [
  {
    where: /(?:^|\/)\.github\/(?:workflows|actions)\//,
    text: 'Let GitHub Actions assume a role with OIDC (aws-actions/configure-aws-credentials with role-to-assume): no key is stored.',
  },
  {
    where:
      /(?:^|\/)(?:\.gitlab-ci\.ya?ml|bitbucket-pipelines\.ya?ml|\.circleci\/|azure-pipelines|\.buildkite\/)/,
    text: 'Let the pipeline assume a role with OIDC (AssumeRoleWithWebIdentity): no key is stored.',
  },
  {
    where: /(?:^|\/)(?:jenkinsfile|\.travis\.yml|\.drone\.yml)/i,
    text: 'Let the build machine have an instance role, or let the pipeline assume a role for minutes.',
  },
  {
    where: /lambda|serverless\.(?:ya?ml|ts|js)$|(?:^|\/)(?:template|sam)\.ya?ml$/i,
    text: 'A Lambda function has an execution role: give that the rights, and take the key out of its environment.',
  },
  {
    where: /task-?def(?:inition)?|(?:^|\/)ecs/i,
    text: 'An ECS task has a task role (taskRoleArn): give that the rights, and take the key out of the definition.',
  },
  {
    where:
      /(?:^|\/)(?:k8s|kubernetes|helm|charts|manifests|kustomize|eks)(?:\/|-)|values\.ya?ml$|deployment\.ya?ml$/i,
    text: 'A pod on EKS gets a role by EKS Pod Identity, or by its service account (IRSA): no key in a Secret.',
  },
  {
    where: /user-?data|cloud-?init|packer|ansible|playbook|(?:^|\/)ec2/i,
    text: 'An EC2 instance has an instance profile: give its role the rights, and require IMDSv2.',
  },
  {
    where: /\.tf(?:vars|state)?(?:\.|$)/,
    text: 'Let Terraform assume a role (assume_role in the provider) with credentials of whoever runs it; keep state where secrets may be.',
  },
  {
    where: /(?:^|\/)(?:dockerfile|docker-compose|compose)[\w.-]*$/i,
    text: 'Keep keys out of images: on ECS or EKS a container has a role, and on a laptop mount ~/.aws read-only or pass a session.',
  },
]

const laptop =
  'On a laptop sign in for hours, not for years: `aws configure sso` (IAM Identity Center), or a profile with role_arn that assumes a role. On AWS, give the machine a role. Give only the rights that are used.'

/** What to use instead, so that there is no key to leak: a role that fits where it was found. */
export function replacementFor({ places, attribution }: Finding): Step {
  const paths = [
    ...places.slice(0, 20).map(({ origin }) => origin.path?.text),
    attribution?.first?.path?.text,
    attribution?.last?.path?.text,
  ].flatMap((path) => path ?? [])
  const fitting = replacements.find(({ where }) => paths.some((path) => where.test(path)))
  return {
    text: fitting === undefined ? laptop : `${fitting.text} Give only the rights that are used.`,
  }
}
