import itertools, math, numpy as np, random, warnings
from scipy.stats import norm, multivariate_normal, uniform
from scipy.special import ndtr
rng=random.Random(7)
def chk(name,cond,*a):
    if not cond: print("DIFF",name,*a)
    CNT[name]=CNT.get(name,0)+1
CNT={}
# ---- hedonic
from foedus.security.hedonic import HedonicGame, stable_partitions, settle
def parts(xs):
    if not xs: yield []; return
    x=xs[0]
    for p in parts(xs[1:]):
        for k in range(len(p)): yield p[:k]+[[x]+p[k]]+p[k+1:]
        yield [[x]]+p
bell=[1,1,2,5,15,52,203]
for t in range(150):
    n=rng.choice([1,2,3,4,5,6]) if t<130 else 5
    names=[f"p{i}" for i in range(n)]
    kind=rng.choice(['pairs','strength','given'])
    if kind=='pairs':
        W=[[rng.randint(-2,2) for _ in range(n)] for _ in range(n)]
        u=lambda i,S: sum(W[i][j] for j in S if j!=i)
        g=HedonicGame.of_pairs(W,players=names)
    elif kind=='strength':
        m=[rng.choice([0,1,1,2,5]) for _ in range(n)]; k=rng.choice([0,.05,.1,.3]); th=rng.choice([None,0,3.]); r=rng.choice([1,2])
        def u(i,S):
            M=sum(m[j] for j in S); T=(sum(m)-M) if th is None else th
            p=M**r/(M**r+T**r) if M+T>0 else .5
            return p-k*(len(S)-1)
        g=HedonicGame.of_strength(m,k,threat=th,r=r,players=names)
    else:
        tab={}
        def u(i,S):
            return tab.setdefault((i,frozenset(S)),rng.randint(0,4))
        def pay(i,sets): return np.array([float(u(i,[j for j in range(n) if s[j]])) for s in sets])
        g=HedonicGame(tuple(names),pay)
    eps=1e-9
    nash=set();ind=set();cor=set();N=0
    for p in parts(list(range(n))):
        N+=1
        blocs=[frozenset(b) for b in p]; of={i:b for b in blocs for i in b}
        isn=isi=True
        for i in range(n):
            for b in blocs+[frozenset()]:
                if b==of[i]: continue
                if u(i,b|{i})>u(i,of[i])+eps:
                    isn=False
                    if all(u(j,b|{i})>=u(j,b)-eps for j in b): isi=False
        isc=not any(all(u(i,S)>u(i,of[i])+eps for i in S) for r_ in range(1,n+1) for S in itertools.combinations(range(n),r_))
        key=frozenset(frozenset(names[i] for i in b) for b in blocs)
        if isn:nash.add(key)
        if isi:ind.add(key)
        if isc:cor.add(key)
    f=stable_partitions(g)
    conv=lambda d:{frozenset(frozenset(b) for b in x) for x in d}
    chk('hedonic',f.looked_through==N and conv(f.nash)==nash and conv(f.individual)==ind and conv(f.core)==cor,kind,n,len(nash),len(f.nash),len(ind),len(f.individual),len(cor),len(f.core))
    if t%5==0:
        for rule,S in (('nash',nash),('individual',ind)):
            s=settle(g,rule=rule,starts=5,moves=300)
            for d,_ in s.found: chk('settle',frozenset(frozenset(b) for b in d) in S,kind,rule,d)
# ---- contests
from foedus.security.contests import tullock,hirshleifer,symmetric_equilibrium,two_player_equilibrium
from foedus.errors import FoedusError
for t in range(200):
    n=rng.randint(1,5); m=[rng.choice([0,0,1,2.5,7]) for _ in range(n)]; r=rng.choice([.3,1,2,5])
    tw=[x**r/sum(y**r for y in m) for x in m] if sum(m)>0 else [1/n]*n
    chk('tullock',np.allclose(tullock(m,r),tw),m,r)
    chk('hirsh',np.allclose(hirshleifer(m,.3),[math.exp(.3*x)/sum(math.exp(.3*y) for y in m) for x in m]))
    chk('tull big',np.allclose(tullock([1e200*x for x in m],r),tw))
    n=rng.randint(2,6); V=rng.choice([1,3.,10]); r=rng.uniform(.2,n/(n-1))
    e=symmetric_equilibrium(n,V,r); x=e.effort[0]
    pi=lambda z: (V*z**r/(z**r+(n-1)*x**r) if z>0 else 0)-z
    best=max(pi(z) for z in np.linspace(0,V,4001))
    chk('symeq',best<=pi(x)+1e-6 and abs(e.payoff[0]-pi(x))<1e-9,n,V,r,best,pi(x))
    V=(rng.uniform(.5,3),rng.uniform(.5,3));c=(rng.uniform(.5,2),rng.uniform(.5,2));r=rng.uniform(.2,2)
    try: e=two_player_equilibrium(V,r,costs=c)
    except FoedusError:
        v=[V[i]/c[i] for i in (0,1)]
        chk('two err',r>1+(min(v)/max(v))**r-1e-12); continue
    for i in (0,1):
        o=e.effort[1-i]; pi=lambda z:V[i]*z**r/(z**r+o**r)-c[i]*z
        best=max(pi(z) for z in np.linspace(0,V[i]/c[i],3001))
        chk('twoeq',max(best,0)<=pi(e.effort[i])+1e-6 and abs(e.payoff[i]-pi(e.effort[i]))<1e-9,V,r,c,best,pi(e.effort[i]))
# ---- fearon
from foedus.security.fearon import bargaining_range,risk_return
for t in range(200):
    p=rng.choice([0,1,rng.random()]); ca=rng.choice([0,rng.random()*.5]); costs=[round(rng.random()*rng.choice([.2,1,3]),3) for _ in range(rng.randint(1,6))]
    d=risk_return(p,ca,costs)
    def worth(x):
        acc=sum(c>=x-p-1e-12 for c in costs)/len(costs)
        return acc*x+(1-acc)*(p-ca)
    cand=sorted({min(1,p+c) for c in costs}|{k/2000 for k in range(2001)}|{1.0,0.0,p})
    b=max(worth(x) for x in cand)
    bx=min(x for x in cand if worth(x)>=b-1e-12)
    chk('riskret',abs(d.worth-b)<1e-9 and abs(worth(d.share)-b)<1e-9 and d.share<=bx+1e-9,p,ca,costs,d,b,bx)
    acc=sum(c>=d.share-p-1e-12 for c in costs)/len(costs); chk('riskp',abs(d.p_war-(1-acc))<1e-12,p,ca,costs,d,acc)
    c=rng.uniform(.05,2); d=risk_return(p,ca,uniform(0,c))
    xs=np.linspace(0,1,20001); F=np.clip((xs-p)/c,0,1); w=(1-F)*xs+F*(p-ca)
    chk('riskunif',abs(d.worth-w.max())<1e-7,p,ca,c,d,w.max(),xs[w.argmax()])
    r=bargaining_range(p,ca,costs[0] if costs[0]<=1 else .3,divisions=[0,.25,.5,1])
# ---- powell: backward induction, transcribed from the text
from foedus.security.powell import shift
for t in range(200):
    T=rng.randint(1,5); p=[round(rng.random(),3) for _ in range(T)]; d=rng.choice([0,.5,.9,rng.random()*.99]); c=rng.random()*3; cr=rng.choice([0,rng.random()*2])
    s=shift(p,discount=d,cost=c,cost_rising=cr)
    # stationary last: value to declining V: either fights or offered max(0, ...) 
    total=1/(1-d)
    def solve_from(t,Vnext,Rnext):
        # rising offers x in [0,1]: declining gets x+dVnext vs war
        war=p[t]*total-c; rw=(1-p[t])*total-cr
        most=1+d*Vnext
        if war>most+1e-12: return war,rw,True,'declining'
        x=max(0,war-d*Vnext)
        keep=1-x+d*Rnext
        if rw>keep+1e-12: 
            # rising prefers war: provoke by offer 0 if declining then fights, or just fights 
            return war,rw,True,'rising'
        return x+d*Vnext,keep,False,None
    # last period: fixed point by long iteration from V=war? finite horizon backward: long horizon with terminal 0
    V,R=0.,0.; 
    for k in range(4000): V,R,f,by=solve_from(T-1,V,R)
    fights=[(f,by)]; Vs=[V]
    for t2 in range(T-2,-1,-1):
        V,R,f,by=solve_from(t2,V,R); fights.insert(0,(f,by)); Vs.insert(0,V)
    first=next((k+1 for k,(f,_) in enumerate(fights) if f),None)
    who=next((b for f,b in fights if f),None)
    chk('powell',first==s.war_in and abs(Vs[0]-s.worth)<1e-6,p,d,c,cr,first,who,s.war_in,s.by,Vs[0],s.worth)
# ---- burden
from foedus.security.burden import burden_shares,best_reply
for t in range(200):
    n=rng.randint(1,6); Y=[rng.choice([0,1,10,50,100,rng.random()*100]) for _ in range(n)]; a=rng.choice([.05,.4,.9,rng.random()*.98+.01])
    q=[0.]*n
    for k in range(3000):
        for i in range(n): q[i]=.5*q[i]+.5*max(0,a*Y[i]-(1-a)*(sum(q)-q[i]))
    b=burden_shares(Y,a)
    chk('burden',np.allclose(b.gives,q,atol=1e-5),Y,a,b.gives,q)
# ---- balance of power
from foedus.security.balance_of_power import balance_of_power
for t in range(300):
    n=rng.randint(1,7); R=[rng.choice([0,1,2,3,5,50,rng.randint(1,20)]) for _ in range(n)]
    if sum(R)==0: continue
    S=sum(R); ess=[False]*n
    for m in range(1,1<<n):
        mem=[i for i in range(n) if m>>i&1]; tot=sum(R[i] for i in mem)
        if 2*tot>S and all(2*(tot-R[i])<=S for i in mem):
            for i in mem: ess[i]=True
    b=balance_of_power(R)
    chk('nor',b.essential.tolist()==ess and b.system_stable==all(ess),R,b.essential,ess)
    pos=[x for x in R]
    mx=max(R)
    chk('resstable',b.resource_stable==((2*mx==S)),R,b.resource_stable)
    chk('predom',(b.predominant is not None)==(2*mx>S),R)
print(CNT)
