import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface OrdersHttpApiProps {
  /** Function that answers the requests. */
  readonly handler: lambda.IFunction;
  /** Requests beyond this rate, over a burst of as many, are turned away. */
  readonly requestsPerSecond: number;
}

/** The HTTP API of the service. Its callers sign their requests with IAM credentials. */
export class OrdersHttpApi extends Construct {
  public readonly url: string;

  public constructor(scope: Construct, id: string, props: OrdersHttpApiProps) {
    super(scope, id);
    const api = new apigateway.HttpApi(this, 'HttpApi', {
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
    });
    const integration = new HttpLambdaIntegration('Http', props.handler);
    api.addRoutes({ path: '/orders', methods: [apigateway.HttpMethod.POST], integration });
    api.addRoutes({ path: '/orders/{id}', methods: [apigateway.HttpMethod.GET], integration });

    const stage = api.addStage('Stage', {
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: { rateLimit: props.requestsPerSecond, burstLimit: props.requestsPerSecond },
      accessLogSettings: {
        destination: new apigateway.LogGroupLogDestination(
          new logs.LogGroup(this, 'AccessLogs', {
            retention: logs.RetentionDays.THREE_MONTHS,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            requestTime: '$context.requestTime',
            routeKey: '$context.routeKey',
            status: '$context.status',
            caller: '$context.identity.caller',
            latency: '$context.responseLatency',
            integrationError: '$context.integrationErrorMessage',
          }),
        ),
      },
    });
    this.url = stage.url;
  }
}
