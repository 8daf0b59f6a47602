import { Aws, Duration, Lazy, Token } from 'aws-cdk-lib';
import { Staging, StagingKind, type StagingProps } from '../../../constructs/staging/staging';

const ENV = { account: '111111111111', region: 'us-east-1' };
const full = (props: Partial<StagingProps>) => () => Staging.full({ env: ENV, ...props });

describe('Staging', () => {
  test('full is of kind FULL', () => {
    expect(Staging.full({ env: ENV }).kind).toBe(StagingKind.FULL);
  });

  test('partial is of kind PARTIAL', () => {
    expect(Staging.partial({ env: ENV }).kind).toBe(StagingKind.PARTIAL);
  });

  test('is as large as production by default', () => {
    expect(Staging.full({ env: ENV }).hostParity).toBe(100);
  });

  test('has the host parity of its property', () => {
    expect(Staging.partial({ env: ENV, hostParity: 25 }).hostParity).toBe(25);
  });

  test('has its account and region', () => {
    expect(Staging.full({ env: ENV })._env).toEqual(ENV);
  });

  test.each(['us-gov-west-1', 'eusc-de-east-1', 'ap-southeast-2', 'us-isob-east-1'])('can be in %s', (region) => {
    expect(full({ env: { ...ENV, region } })).not.toThrow();
  });

  test('does not bake by default', () => {
    expect(Staging.full({ env: ENV })._bakeMinutes).toBe(0);
  });

  test('bakes as long as its property says', () => {
    expect(Staging.full({ env: ENV, bake: Duration.hours(1) })._bakeMinutes).toBe(60);
  });
});

describe('wrong input is an error that says what to change', () => {
  test('no account', () => {
    expect(full({ env: { region: 'us-east-1' } })).toThrow(
      "staging.env.account is missing, but must be known at synth: write the account's 12 digits",
    );
  });

  test('an account that is a token', () => {
    expect(full({ env: { ...ENV, account: Aws.ACCOUNT_ID } })).toThrow(
      'staging.env.account is a token, but must be known',
    );
  });

  test('an account that is not 12 digits', () => {
    expect(full({ env: { ...ENV, account: '1234' } })).toThrow(
      'staging.env.account is "1234", but must be known at synth',
    );
  });

  test('no region', () => {
    expect(full({ env: { account: ENV.account } })).toThrow(
      'staging.env.region is missing, but must be known at synth: write a region such as "us-east-1"',
    );
  });

  test('a region that is a token', () => {
    expect(full({ env: { ...ENV, region: Aws.REGION } })).toThrow('staging.env.region is a token, but must be known');
  });

  test('something that is no region', () => {
    expect(full({ env: { ...ENV, region: 'Virginia' } })).toThrow('staging.env.region is "Virginia"');
  });

  test.each([0, 101, 12.5, -1, Number.NaN])('a host parity of %p', (hostParity) => {
    expect(full({ hostParity })).toThrow(
      `staging.hostParity is ${hostParity}, but must be a whole number of 1–100: give staging's capacity as a percentage of production's`,
    );
  });

  test('a host parity that is a token', () => {
    expect(full({ hostParity: Token.asNumber({ Ref: 'Parity' }) })).toThrow('staging.hostParity is a token');
  });

  test('a bake that is not whole minutes', () => {
    expect(full({ bake: Duration.seconds(90) })).toThrow(
      'staging.bake is 90 s, but must be whole minutes: round it to 2 min',
    );
  });

  test('a bake that is a token', () => {
    expect(full({ bake: Duration.minutes(Lazy.number({ produce: () => 1 })) })).toThrow('staging.bake is a token');
  });

  test('a bake that does not fit into an action of a pipeline', () => {
    expect(full({ bake: Duration.days(7) })).toThrow('staging.bake is 10080 min, but must be at most 9900 min');
  });
});
