/** Recommends a replacement for a long-term AWS key, by the kind of file it was found in. */
import type { Finding } from '../../model/model.ts'
import type { Step } from './step.ts'

/** Recommendations by path; the first match applies. */
const replacements: readonly { readonly path: RegExp; readonly text: string }[] = [
  {
    path: /(?:^|\/)\.github\/(?:workflows|actions)\//,
    text:
      'Let GitHub Actions assume a role with OIDC (aws-actions/configure-aws-credentials ' +
      'with role-to-assume), so that no key is stored.',
  },
  {
    path: /(?:^|\/)(?:\.gitlab-ci\.ya?ml|bitbucket-pipelines\.ya?ml|\.circleci\/|azure-pipelines|\.buildkite\/)/,
    text: 'Let the pipeline assume a role with OIDC (AssumeRoleWithWebIdentity), so that no key is stored.',
  },
  {
    path: /(?:^|\/)(?:jenkinsfile|\.travis\.yml|\.drone\.yml)/i,
    text: 'Give the build machine an instance role, or let the pipeline assume a role for a few minutes.',
  },
  {
    path: /lambda|serverless\.(?:ya?ml|ts|js)$|(?:^|\/)(?:template|sam)\.ya?ml$/i,
    text:
      'A Lambda function has an execution role: grant it the permissions, and remove the key ' +
      'from its environment.',
  },
  {
    path: /task-?def(?:inition)?|(?:^|\/)ecs/i,
    text:
      'An ECS task has a task role (taskRoleArn): grant it the permissions, and remove the ' +
      'key from the definition.',
  },
  {
    path: /(?:^|\/)(?:k8s|kubernetes|helm|charts|manifests|kustomize|eks)(?:\/|-)|values\.ya?ml$|deployment\.ya?ml$/i,
    text:
      'A pod on EKS gets a role through EKS Pod Identity or its service account (IRSA), ' +
      'without a key in a Secret.',
  },
  {
    path: /user-?data|cloud-?init|packer|ansible|playbook|(?:^|\/)ec2/i,
    text: 'An EC2 instance has an instance profile: grant its role the permissions, and require IMDSv2.',
  },
  {
    path: /\.tf(?:vars|state)?(?:\.|$)/,
    text:
      'Let Terraform assume a role (assume_role in the provider) with the credentials of the ' +
      'person or pipeline that runs it; keep state in a backend that may hold secrets.',
  },
  {
    path: /(?:^|\/)(?:dockerfile|docker-compose|compose)[\w.-]*$/i,
    text:
      'Keep keys out of images: on ECS or EKS a container has a role; on a laptop, mount ' +
      '~/.aws read-only or pass a session.',
  },
]

const laptopText =
  'On a laptop, use short-lived sign-in: `aws configure sso` (IAM Identity Center), ' +
  'or a profile with role_arn that assumes a role. On AWS, give the machine a role.'

const leastPrivilege = 'Grant only the permissions that are used.'

/** Maximum number of places whose paths are matched. */
const MAX_PLACES = 20

/** The step that replaces the key with a role, so that there is no key to leak. */
export function replacementFor({ places, attribution }: Finding): Step {
  const paths = [
    ...places.slice(0, MAX_PLACES).map(({ origin }) => origin.path?.text),
    attribution?.first?.path?.text,
    attribution?.last?.path?.text,
  ].flatMap((path) => path ?? [])
  const match = replacements.find(({ path }) => paths.some((text) => path.test(text)))
  return { text: `${match?.text ?? laptopText} ${leastPrivilege}` }
}
