import itertools, math, numpy as np, random, warnings
from fractions import Fraction as F
from foedus.security.games import CoalitionGame
from foedus.security.values import values
from foedus.security.core import core, membership, convexity
from foedus.security.nucleolus import nucleolus, least_core
from scipy.optimize import linprog
rng=random.Random(5)
def subsets(n): return [s for s in range(1<<n)]
def twin(n,v):
    sh=[F(0)]*n; bz=[F(0)]*n
    for p in itertools.permutations(range(n)):
        m=0
        for i in p:
            sh[i]+=v[m|1<<i]-v[m]; m|=1<<i
    sh=[x/math.factorial(n) for x in sh]
    for i in range(n):
        for s in range(1<<n):
            if not s>>i&1: bz[i]+=v[s|1<<i]-v[s]
        bz[i]/=2**(n-1)
    dummy=[all(v[s|1<<i]-v[s]==v[1<<i] for s in range(1<<n) if not s>>i&1) for i in range(n)]
    powerless=[d and v[1<<i]==0 for i,d in enumerate(dummy)]
    return sh,bz,dummy,powerless
def prenuc(n,v,imput):
    # brute lexicographic LP, all sets
    sets=[s for s in range(1,(1<<n)-1)]
    fixed={}
    x=None
    while True:
        # min t st v(S)-x(S)<=t for unfixed ; = fixed ; x(N)=v(N); imput x_i>=v_i
        A=[];b=[];Ae=[[1]*n+[0]];be=[float(v[-1])]
        free=[s for s in sets if s not in fixed]
        for s in free: A.append([-(s>>i&1) for i in range(n)]+[-1]); b.append(-float(v[s]))
        for s,c in fixed.items(): Ae.append([(s>>i&1) for i in range(n)]+[0]); be.append(float(v[s])-c)
        bounds=[(float(v[1<<i]) if imput else None,None) for i in range(n)]+[(None,None)]
        if not free: break
        r=linprog([0]*n+[1],A_ub=A,b_ub=b,A_eq=Ae,b_eq=be,bounds=bounds,method='highs')
        assert r.status==0,r
        t=r.fun; x=r.x[:n]
        newf=[]
        for s in free:
            # is min over optimal of complaint of S = t? i.e. max x(S) with t fixed
            c=[-(s>>i&1) for i in range(n)]+[0]
            A2=A; b2=b
            r2=linprog(c,A_ub=A2,b_ub=b2,A_eq=Ae,b_eq=be,bounds=bounds[:-1]+[(t-1e-9,t+1e-9)],method='highs')
            if r2.status==0 and float(v[s])-(-r2.fun)>=t-1e-6: newf.append(s)
        if not newf: raise Exception("none")
        for s in newf: fixed[s]=t
        # rank
        M=np.array([[1]*n]+[[s>>i&1 for i in range(n)] for s in fixed])
        if np.linalg.matrix_rank(M)==n:
            x=np.linalg.lstsq(M.astype(float),np.array([float(v[-1])]+[float(v[s])-c for s,c in fixed.items()]),rcond=None)[0]; break
    return x
bad=0
N=0
for t in range(220):
    n=rng.choice([1,2,3,3,4,4,5]) 
    kind=rng.choice(['rand','vote','int','own','add','neg'])
    names=[f"p{i}" for i in range(n)]
    if kind=='vote':
        w=[rng.randint(0,6) for _ in range(n)]
        if sum(w)==0: continue
        q=rng.randint(1,sum(w))
        g=CoalitionGame.weighted_majority(q,w,players=names)
        v=[F(int(sum(w[i] for i in range(n) if s>>i&1)>=q)) for s in range(1<<n)]
    elif kind=='own':
        m=[rng.randint(0,9) for _ in range(n)];T=rng.choice([0,1,5,12]);V=[rng.randint(0,4) for _ in range(n)]; r=rng.choice([1,2])
        g=CoalitionGame.own_stakes(m,T,stakes=V,r=r,players=names)
        v=[]
        for s in range(1<<n):
            M=sum(m[i] for i in range(n) if s>>i&1); St=sum(V[i] for i in range(n) if s>>i&1)
            p=F(M**r,M**r+T**r) if M+T>0 else F(1,2)
            v.append(St*p)
    else:
        if kind=='rand': v=[F(0)]+[F(rng.randint(-50,50),10) for _ in range((1<<n)-1)]
        if kind=='int': v=[F(0)]+[F(rng.randint(0,3)) for _ in range((1<<n)-1)]
        if kind=='neg': v=[F(0)]+[F(-rng.randint(0,3)) for _ in range((1<<n)-1)]
        if kind=='add':
            a=[rng.randint(-3,3) for _ in range(n)]; v=[F(sum(a[i] for i in range(n) if s>>i&1)) for s in range(1<<n)]
        g=CoalitionGame(tuple(names),np.array([float(x) for x in v]))
    assert np.allclose(g.worth,[float(x) for x in v]),(kind,)
    sh,bz,du,po=twin(n,v)
    val=values(g)
    N+=1
    def err(*a):
        global bad; bad+=1; print("DIFF",kind,n,[str(x) for x in v],*a)
    if not np.allclose(val.shapley,[float(x) for x in sh],atol=1e-9): err('sh')
    if not np.allclose(val.banzhaf,[float(x) for x in bz],atol=1e-9): err('bz')
    if val.dummies!=tuple(np.array(names)[du]): err('dummy',val.dummies,du)
    if val.powerless!=tuple(np.array(names)[po]): err('powerless',val.powerless,po)
    sb=sum(bz); sv=val.banzhaf_share
    if sb==0:
        if not np.all(np.isnan(sv)): err('share0',sv)
    elif not np.allclose(sv,[float(x/sb) for x in bz]): err('share',sv)
    # core via LP
    ln=linprog([1]*n,A_ub=[[-(s>>i&1) for i in range(n)] for s in range(1,1<<n)],b_ub=[-float(v[s]) for s in range(1,1<<n)],bounds=[(None,None)]*n,method='highs')
    # needed excludes grand? balanced collection incl N gives >= v(N)
    ln2=linprog([1]*n,A_ub=[[-(s>>i&1) for i in range(n)] for s in range(1,(1<<n)-1)],b_ub=[-float(v[s]) for s in range(1,(1<<n)-1)],bounds=[(None,None)]*n,method='highs') if n>1 else None
    nonempty=ln2 is None or ln2.fun<=float(v[-1])+1e-7
    c=core(g)
    if c.nonempty!=nonempty: err('core',c.nonempty,nonempty)
    if c.nonempty:
        x=c.allocation
        if abs(sum(x)-float(v[-1]))>1e-7 or any(sum(x[i] for i in range(n) if s>>i&1)<float(v[s])-1e-7 for s in range(1<<n)): err('alloc',x)
    else:
        tot=[0]*n; w=0
        for ps,wt in c.balanced:
            for p in ps: tot[names.index(p)]+=wt
            w+=wt*float(v[sum(1<<names.index(p) for p in ps)])
            if wt<0: err('negw')
        if not np.allclose(tot,1) or w<=float(v[-1]) or abs(w-c.needed)>1e-7: err('balanced',c.balanced,w,c.needed)
    # convexity
    conv=all(v[s|1<<i|1<<j]-v[s|1<<i]-v[s|1<<j]+v[s]>=0 for i in range(n) for j in range(n) if i<j for s in range(1<<n) if not s>>i&1 and not s>>j&1)
    if convexity(g).convex!=conv: err('conv')
    # membership
    x=[float(y) for y in sh]
    m=membership(g,x)
    gains=[(float(v[s])-sum(x[i] for i in range(n) if s>>i&1)) for s in range(1,(1<<n))]
    proper=gains[:-1] if n>1 else gains
    if m.inside!=(max(proper)<=1e-9): err('inside',m,max(proper))
    if n>1 and abs(m.gain-max(proper))>1e-8: err('gain',m.gain,max(proper))
    if m.n_blocking!=sum(z>1e-9 for z in proper): err('nblock',m.n_blocking)
    if n>1 and n<=4:
        imput=sum(v[1<<i] for i in range(n))<=v[-1]
        nu=nucleolus(g)
        if nu.imputation!=imput: err('imput')
        tw=prenuc(n,v,imput)
        if not np.allclose(nu.allocation,tw,atol=1e-5): err('nuc',nu.allocation,tw)
print(N,"cases; bad",bad)
