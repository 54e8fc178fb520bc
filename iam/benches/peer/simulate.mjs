// Decides the cases of the file named by the first argument with @cloud-copilot/iam-simulate, over and over for five
// seconds; prints {"per_second", "decisions"}.

import { readFileSync } from "node:fs";
import { runSimulation } from "@cloud-copilot/iam-simulate";

const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));
const [, , , , , name] = cases.principal.split(":");
const role = `arn:aws:iam::${cases.account}:role/${name.split("/")[1]}`;
const known = { "aws:PrincipalArn": role, "aws:PrincipalAccount": cases.account, "aws:ResourceAccount": cases.account };
for (const [key, value] of Object.entries(cases.tags)) known[`aws:PrincipalTag/${key}`] = value;

const identityPolicies = cases.policies.map((policy, index) => ({ name: `policy-${index}`, policy }));
const simulations = cases.requests.map((request) => ({
  request: {
    principal: cases.principal,
    action: request.action,
    resource: { resource: request.resource, accountId: cases.account },
    contextVariables: {
      ...known,
      ...Object.fromEntries(
        Object.entries(request.context).map(([key, values]) => [key, key === "aws:calledvia" ? values : values[0]]),
      ),
    },
  },
  identityPolicies,
  serviceControlPolicies: [],
  resourceControlPolicies: [],
}));

const NAMES = { Allowed: "allowed", ImplicitlyDenied: "implicitly_denied", ExplicitlyDenied: "explicitly_denied" };
const decide = async (simulation) => {
  const answer = await runSimulation(simulation, { simulationMode: "Strict" });
  return NAMES[answer.overallResult ?? answer.resultType] ?? `${answer.resultType ?? JSON.stringify(answer.errors)}`;
};

const decisions = [];
for (const simulation of simulations) decisions.push(await decide(simulation));
const start = performance.now();
let decided = 0;
while (performance.now() - start < 5000) {
  await decide(simulations[decided % simulations.length]);
  decided += 1;
}
console.log(JSON.stringify({ per_second: (decided * 1000) / (performance.now() - start), decisions }));
