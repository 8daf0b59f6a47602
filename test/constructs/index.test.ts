import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import * as library from '../../constructs';

const FOLDER = path.join(__dirname, '..', '..', 'constructs');

/** Names that a file exports, each with its kind; those of a re-export as the file that it comes from has them. */
function exportsOf(file: string): readonly (readonly [name: string, kind: string])[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) return reExports(file, statement);
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => [name.getText(), 'variable'] as const);
    }
    const { name } = statement as ts.DeclarationStatement;
    return [[name?.getText() ?? 'default', KINDS.get(statement.kind) ?? ts.SyntaxKind[statement.kind]] as const];
  });
}

function reExports(from: string, { moduleSpecifier, exportClause }: ts.ExportDeclaration) {
  if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) throw new Error(`${from} exports what it has imported`);
  const all = exportsOf(`${path.join(path.dirname(from), moduleSpecifier.text)}.ts`);
  if (!exportClause) return all;
  if (!ts.isNamedExports(exportClause)) throw new Error(`${from} exports a namespace`);
  return exportClause.elements.map((element) => {
    const name = (element.propertyName ?? element.name).getText();
    const kind = all.find(([each]) => each === name)?.[1];
    if (!kind) throw new Error(`${moduleSpecifier.text} does not export ${name}`);
    return [element.name.getText(), kind] as const;
  });
}

const KINDS = new Map([
  [ts.SyntaxKind.ClassDeclaration, 'class'],
  [ts.SyntaxKind.InterfaceDeclaration, 'interface'],
  [ts.SyntaxKind.EnumDeclaration, 'enum'],
]);

const EXPORTS = exportsOf(path.join(FOLDER, 'index.ts'));
const namesOf = (kind: string) => EXPORTS.filter(([, each]) => each === kind).map(([name]) => name);

/** Public names: a name that is added here stays public for as long as there are users. */
test('the library exports these classes and enumerations', () => {
  expect([...namesOf('class'), ...namesOf('enum')].toSorted()).toEqual([
    'BudgetPolicy',
    'BudgetWindow',
    'CanaryWeighting',
    'DeploymentBaseline',
    'DeploymentStandard',
    'DeploymentWindow',
    'GateCheck',
    'GateStage',
    'LambdaWorkload',
    'Microservice',
    'MicroserviceDeploymentPipeline',
    'MicroserviceStack',
    'Phase',
    'ProductionRollout',
    'Slo',
    'SloSource',
    'Staging',
    'StagingKind',
    'Weekday',
    'Workload',
  ]);
});

test('the library exports these interfaces', () => {
  expect(namesOf('interface').toSorted()).toEqual([
    'BakeOptions',
    'Blackout',
    'BreakGlass',
    'BusinessHoursOptions',
    'CadenceOptions',
    'CanaryOptions',
    'CarryOverOptions',
    'Checks',
    'CustomCheckOptions',
    'DeploymentBaselineProps',
    'DeploymentStandardProps',
    'ErrorBudgetOptions',
    'FreezeOptions',
    'GateCheckOptions',
    'LambdasOptions',
    'LinearSteps',
    'LoadTestOptions',
    'MicroserviceDeploymentPipelineProps',
    'OpenAlarmsOptions',
    'ProductionAlarms',
    'ProductionReadinessOptions',
    'ProductionRegion',
    'ProductionWave',
    'ReadinessCriterion',
    'RequestCounts',
    'SloMetric',
    'StagingProps',
    'StepOptions',
    'UntilRecoveredOptions',
    'UptimeSignal',
  ]);
});

test('the library exports no function, no constant and no type of another kind', () => {
  expect(EXPORTS.filter(([, kind]) => !['class', 'interface', 'enum'].includes(kind))).toEqual([]);
});

test('a program that imports the library sees the classes and enumerations', () => {
  expect(Object.keys(library).toSorted()).toEqual([...namesOf('class'), ...namesOf('enum')].toSorted());
});
