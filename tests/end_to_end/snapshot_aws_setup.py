import boto3, json
iam, org, sts, s3 = (boto3.client(n) for n in ('iam', 'organizations', 'sts', 's3'))
def policy(*actions):
    return json.dumps({'Version': '2012-10-17', 'Statement': [{'Sid': 'S', 'Effect': 'Allow', 'Action': list(actions), 'Resource': '*',
        'Condition': {'StringEquals': {'aws:PrincipalTag/team': 'a b/ü+%'}}}]})
trust = json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'Service': 'lambda.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]})
own = iam.create_policy(PolicyName='Own', PolicyDocument=policy('s3:GetObject'))['Policy']['Arn']
iam.create_policy_version(PolicyArn=own, PolicyDocument=policy('s3:PutObject'), SetAsDefault=True)
unused = iam.create_policy(PolicyName='Unused', PolicyDocument=policy('ec2:*'))['Policy']['Arn']
for number in range(130):
    name = f'agent-{number}'
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Path='/agents/')
    iam.put_role_policy(RoleName=name, PolicyName='work', PolicyDocument=policy('s3:ListBucket', f'sqs:Send{number}'))
iam.attach_role_policy(RoleName='agent-0', PolicyArn=own)
iam.attach_role_policy(RoleName='agent-1', PolicyArn='arn:aws:iam::aws:policy/ReadOnlyAccess')
iam.put_role_permissions_boundary(RoleName='agent-2', PermissionsBoundary='arn:aws:iam::aws:policy/PowerUserAccess')
iam.tag_role(RoleName='agent-3', Tags=[{'Key': 'team', 'Value': 'a'}])
iam.create_instance_profile(InstanceProfileName='node')
iam.add_role_to_instance_profile(InstanceProfileName='node', RoleName='agent-4')
iam.create_user(UserName='person'); iam.create_group(GroupName='people')
iam.add_user_to_group(UserName='person', GroupName='people')
iam.put_group_policy(GroupName='people', PolicyName='read', PolicyDocument=policy('s3:Get*'))

org.create_organization(FeatureSet='ALL')
root = org.list_roots()['Roots'][0]['Id']
for kind in ('SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'):
    try: org.enable_policy_type(RootId=root, PolicyType=kind)
    except org.exceptions.ClientError: pass
outer = org.create_organizational_unit(ParentId=root, Name='Workloads')['OrganizationalUnit']['Id']
inner = org.create_organizational_unit(ParentId=outer, Name='Agents')['OrganizationalUnit']['Id']
member = org.create_account(Email='m@example.com', AccountName='member')['CreateAccountStatus']['AccountId']
org.move_account(AccountId=member, SourceParentId=root, DestinationParentId=inner)
scp = org.create_policy(Content=policy('ec2:*').replace('Allow', 'Deny'), Description='d', Name='NoEc2', Type='SERVICE_CONTROL_POLICY')['Policy']['PolicySummary']['Id']
org.attach_policy(PolicyId=scp, TargetId=inner); org.attach_policy(PolicyId=scp, TargetId=member)

credentials = sts.assume_role(RoleArn=f'arn:aws:iam::{member}:role/Audit', RoleSessionName='setup')['Credentials']
there = boto3.client('iam', aws_access_key_id=credentials['AccessKeyId'], aws_secret_access_key=credentials['SecretAccessKey'], aws_session_token=credentials['SessionToken'])
there.create_role(RoleName='member-agent', AssumeRolePolicyDocument=trust)
there.put_role_policy(RoleName='member-agent', PolicyName='work', PolicyDocument=policy('dynamodb:Query'))

s3.create_bucket(Bucket='trail')
trails = {}
for region, name, extra in (('us-east-1', 'all', {'IsMultiRegionTrail': True, 'IncludeGlobalServiceEvents': True, 'IsOrganizationTrail': True}), ('eu-west-1', 'one', {})):
    cloudtrail = boto3.client('cloudtrail', region_name=region)
    arn = cloudtrail.create_trail(Name=name, S3BucketName='trail', **extra)['TrailARN']
    selectors = [{'Name': 'data', 'FieldSelectors': [{'Field': 'eventCategory', 'Equals': ['Data']}, {'Field': 'resources.type', 'Equals': ['AWS::S3::Object']}]}]
    cloudtrail.put_event_selectors(TrailName=name, AdvancedEventSelectors=selectors)
    if name == 'all': cloudtrail.start_logging(Name=name)
    trails[arn] = selectors

details = {key: [] for key in ('RoleDetailList', 'UserDetailList', 'GroupDetailList', 'Policies')}
for page in iam.get_paginator('get_account_authorization_details').paginate():
    for key in details: details[key] += page[key]
class When(json.JSONEncoder):
    def default(self, value): return value.isoformat(timespec='seconds')
print(json.dumps({'details': details, 'member': member, 'root': root, 'outer': outer, 'inner': inner, 'scp': scp, 'trails': trails,
    'content': org.describe_policy(PolicyId=scp)['Policy']['Content'], 'unused': unused}, cls=When))
