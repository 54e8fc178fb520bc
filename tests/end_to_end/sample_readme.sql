-- The counts of the table in sample-data/README.md.
select buckets.agent, buckets.role_arn, count(*) as granted,
 sum(case when bucket='used' and not possible and legitimate_calls>0 then 1 else 0 end) as used,
 sum(case when bucket='used' and (possible or legitimate_calls=0) then 1 else 0 end) as possibly,
 sum(case when bucket='non_legitimate' then 1 else 0 end) as outside,
 sum(case when bucket='inherited' then 1 else 0 end) as inherited,
 sum(case when bucket='unobservable' then 1 else 0 end) as unobservable,
 sum(case when bucket='never_used' then 1 else 0 end) as never_used,
 (select count(*) from grants where grants.status='blocked' and grants.role_arn=buckets.role_arn) as blocked
from buckets where window_days=90 group by buckets.agent, buckets.role_arn
