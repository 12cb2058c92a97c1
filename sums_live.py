import cli, numpy as np, jax, optax
jax.config.update("jax_enable_x64",True)
import jax.numpy as jnp
from stepsmith.numpy import LAMB, LARS, Fromage, Prodigy, DoG
rng=np.random.default_rng(0)
ws=[rng.standard_normal(s) for s in ((3,4),(50,),(2,2,2))]
gs=[[rng.standard_normal(w.shape) for w in ws] for _ in range(30)]
def theirs(tx):
    p=[jnp.array(w) for w in ws]; st=tx.init(p)
    for g in gs:
        u,st=tx.update([jnp.array(x) for x in g],st,p); p=optax.apply_updates(p,u)
    return p
def ours(cls,**h):
    p=[w.copy() for w in ws]; o=cls(p,**h)
    for g in gs: o.step(g)
    return p
for n,tx,c,h in (("lamb",optax.lamb(1e-2,weight_decay=.1),LAMB,dict(lr=1e-2,weight_decay=.1)),
  ("lars",optax.lars(1e-2,weight_decay=.1,momentum=.9,trust_coefficient=.01,eps=1e-3),LARS,dict(lr=1e-2,weight_decay=.1,trust_coefficient=.01,eps=1e-3)),
  ("fromage",optax.fromage(1e-2),Fromage,dict(lr=1e-2)),
  ("prodigy",optax.contrib.prodigy(1.0),Prodigy,{}),
  ("prodigy .5",optax.contrib.prodigy(.5,estim_lr0=1e-3),Prodigy,dict(lr=.5,d0=1e-3)),
  ("dog",optax.contrib.dog(1.0),DoG,{})):
    print(n,max(float(np.abs(a-np.asarray(b)).max()) for a,b in zip(ours(c,**h),theirs(tx))), max(float(np.abs(a-b).max()) for a,b in zip(ours(c,**h),ws)))
