import { Aws, Lazy, Token } from 'aws-cdk-lib';
import { CanaryWeighting } from '../../../constructs/canary/canary-weighting';
import type { CanaryBounds } from '../../../lib/plan/canary-input';

const BOUNDS: CanaryBounds = { standard: 'acme', minimum: 5, maximum: 10, regionMaximum: 30 };
const REGIONS = [
  { region: 'us-east-1', trafficShare: 60 },
  { region: 'eu-west-1', trafficShare: 30 },
  { region: 'ap-southeast-2', trafficShare: 10 },
];

describe('CanaryWeighting', () => {
  test('proportional samples every region alike', () => {
    expect(CanaryWeighting.proportional()._percentages(8, REGIONS, BOUNDS).percentages).toEqual({
      'us-east-1': 8,
      'eu-west-1': 8,
      'ap-southeast-2': 8,
    });
  });

  test('equalSample takes more of a region with less traffic', () => {
    expect(CanaryWeighting.equalSample()._percentages(8, REGIONS, BOUNDS).percentages).toEqual({
      'us-east-1': 5,
      'eu-west-1': 8,
      'ap-southeast-2': 26,
    });
  });

  test('explicit follows the weights', () => {
    const weights = { 'us-east-1': 1, 'eu-west-1': 2, 'ap-southeast-2': 3 };
    expect(CanaryWeighting.explicit(weights)._percentages(7.5, REGIONS, BOUNDS).percentages).toEqual({
      'us-east-1': 5,
      'eu-west-1': 10,
      'ap-southeast-2': 15,
    });
  });

  test('explicit is not changed by later changes of the given weights', () => {
    const weights: { [region: string]: number } = { 'us-east-1': 1, 'eu-west-1': 1, 'ap-southeast-2': 1 };
    const weighting = CanaryWeighting.explicit(weights);
    weights['us-east-1'] = 5;
    expect(weighting._percentages(8, REGIONS, BOUNDS).percentages['us-east-1']).toBe(8);
  });

  test('explicit refuses a token as a weight', () => {
    expect(() => CanaryWeighting.explicit({ 'us-east-1': Token.asNumber({ Ref: 'Weight' }) })).toThrow(
      "canary.weighting's weight for us-east-1 is a token, whose value is known only at deploy time: write the value itself",
    );
  });

  test('refuses a percentage that is a token', () => {
    const percentage = Lazy.number({ produce: () => 8 });
    expect(() => CanaryWeighting.proportional()._percentages(percentage, REGIONS, BOUNDS)).toThrow(
      'canary.percentage is a token',
    );
  });

  test('refuses a region that is a token', () => {
    const regions = [{ region: Aws.REGION, trafficShare: 1 }];
    expect(() => CanaryWeighting.proportional()._percentages(8, regions, BOUNDS)).toThrow(
      'regions[0].env.region is a token',
    );
  });

  test('refuses a traffic share that is a token', () => {
    const regions = [...REGIONS, { region: 'eu-west-2', trafficShare: Token.asNumber({ Ref: 'Share' }) }];
    expect(() => CanaryWeighting.proportional()._percentages(8, regions, BOUNDS)).toThrow(
      'regions[3].trafficShare is a token',
    );
  });
});
