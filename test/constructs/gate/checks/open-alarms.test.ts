import { Aws } from 'aws-cdk-lib';
import { GateCheck } from '../../../../constructs';
import { BOTH_STAGES, bind, grantsOf } from '../context';

describe('open alarms', () => {
  test('are those of the waves, once for regions that have the same', () => {
    expect(bind(GateCheck.openAlarms())).toEqual({
      kind: 'OPEN_ALARMS',
      name: 'open alarms',
      stages: BOTH_STAGES,
      alarms: [{ regions: ['us-east-1', 'eu-west-1'], names: ['orders-errors'] }],
    });
  });

  test('are further ones, in all regions or in some', () => {
    const check = GateCheck.openAlarms({
      alarms: [{ names: ['pager', 'orders-errors'] }, { names: ['queue'], regions: ['eu-west-1'] }],
    });
    expect(bind(check)).toMatchObject({
      alarms: [
        { regions: ['us-east-1'], names: ['orders-errors', 'pager'] },
        { regions: ['eu-west-1'], names: ['orders-errors', 'pager', 'queue'] },
      ],
    });
  });

  test('are only those that are named, where those of the waves do not count', () => {
    const check = GateCheck.openAlarms({
      waveAlarms: false,
      alarms: [{ names: ['queue'], regions: ['eu-west-1'] }],
    });
    expect(bind(check)).toMatchObject({ alarms: [{ regions: ['eu-west-1'], names: ['queue'] }] });
  });

  test('need no permission of their own', () => {
    expect(grantsOf(GateCheck.openAlarms())).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['none at all', { waveAlarms: false }, ' has no alarms: leave waveAlarms at true, or name some'],
    ['no list', { alarms: 'pager' }, ': alarms is no list'],
    ['no names', { alarms: [{ names: [] }] }, ': alarms[0].names is [], but must be a list of texts'],
    [
      'an empty name',
      { alarms: [{ names: ['pager', ''] }] },
      ': alarms[0].names[1] is "", but must be a text of 1–255',
    ],
    ['a token', { alarms: [{ names: [Aws.REGION] }] }, ': alarms[0].names[0] is a token'],
    ['no regions', { alarms: [{ names: ['x'], regions: [] }] }, ': alarms[0].regions is [], but must be'],
  ])('refuse %s', (_what, options, message) => {
    expect(() => GateCheck.openAlarms(options)).toThrow(`GateCheck.openAlarms${message}`);
  });

  test('refuse a region that is none of production', () => {
    const check = GateCheck.openAlarms({ alarms: [{ names: ['x'], regions: ['eu-central-1'] }] });
    expect(() => bind(check)).toThrow(
      'GateCheck.openAlarms: alarms[0].regions has "eu-central-1", but production of "orders" is in us-east-1, eu-west-1: remove it',
    );
  });

  test('refuse more than CloudWatch returns at once', () => {
    const names = Array.from({ length: 100 }, (_, i) => `alarm-${i}`);
    expect(() => bind(GateCheck.openAlarms({ alarms: [{ names }] }))).toThrow(
      'us-east-1 has 101 alarms, but at most 100',
    );
    expect(() => bind(GateCheck.openAlarms({ alarms: [{ names: names.slice(1) }] }))).not.toThrow();
  });
});
