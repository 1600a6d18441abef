import itertools, math, numpy as np, random, warnings
import scipy.linalg as sl
from foedus.blocs.exact import partition, canonical
from foedus.blocs.optima import optima
from foedus.blocs.clustering import cluster
from foedus.blocs.certificate import check_certificate
from foedus.blocs.balance import balance
from foedus.blocs.graph import signed_graph, SignedGraph
from foedus.blocs.blockmodel import blockmodel
rng=random.Random(11)
CNT={}
def chk(name,cond,*a):
    if not cond: print("DIFF",name,*a)
    CNT[name]=CNT.get(name,0)+1
def rgs(n,k):
    def rec(p,m):
        if len(p)==n: yield tuple(p); return
        for c in range(min(m+1,k)):
            yield from rec(p+[c],max(m,c+1))
    yield from rec([],0)
def cost(lab,E): return sum(abs(w) for a,b,w in E if (w>0)!=(lab[a]==lab[b]) and w)
import time
t0=time.time()
for t in range(260):
    n=rng.choice([1,2,3,4,5,6,7,7])
    dens=rng.choice([.3,.6,1]); wk=rng.choice(['unit','int','dec','float'])
    E=[]
    for a in range(n):
        for b in range(a+1,n):
            if rng.random()<dens:
                w={'unit':1,'int':rng.randint(1,4),'dec':rng.choice([.1,.2,.3,.25,1.5]),'float':rng.random()+1e-3}[wk]*rng.choice([-1,1])
                E.append((a,b,w))
    i=np.array([e[0] for e in E],dtype=np.int64);j=np.array([e[1] for e in E],dtype=np.int64);w=np.array([e[2] for e in E],dtype=float)
    costs={l:cost(l,E) for l in rgs(n,2)}
    best=min(costs.values())
    tol=1e-5
    p=partition(n,i,j,w,seed=t)
    chk('two value',abs(p.value-best)<1e-9 and abs(costs[tuple(p.label)]-best)<1e-9,E,p.value,best)
    chk('two proved',p.proved and p.bound<=best+1e-9)
    if p.certificate is not None: chk('cert',abs(check_certificate(n,i,j,p.certificate)*p.unit-best)<1e-5,E)
    elif len(E): chk('nocert',best==0,E)
    # optima
    o=optima(n,i,j,w,p)
    opt=[l for l,c in costs.items() if c<=best+tol*max(abs(w).max() if len(w) else 1,1e-9)*0+ (1e-9)]
    if not o.counted: print('not counted',E)
    # nodes without ties: count?
    deg=set(i)|set(j)
    if len(deg)==n and n>1:
        chk('count',o.counted and o.count==len(opt),E,o.count,len(opt))
        labs={tuple(canonical(x)) for x in o.labels}
        if len(opt)<=len(o.labels): chk('labels',labs==set(opt),E,labs,opt)
        nxt=sorted(c for l,c in costs.items() if l!=tuple(p.label))
        if nxt: chk('gap',o.proved and abs(o.gap-(nxt[0]-best))<1e-6,E,o.gap,nxt[0]-best)
        alw=np.zeros((n,n),int)
        for a in range(n):
            for b in range(n):
                s={l[a]==l[b] for l in opt}; alw[a,b]=0 if len(s)==2 else (1 if True in s else -1)
        chk('always',(o.always()==alw).all(),E,o.always(),alw)
        flipped=[x^(k in o.movers) for k,x in enumerate(p.label)]
        if nxt: chk('movers',abs(costs[tuple(canonical(flipped))]-best-o.gap)<1e-6,E,o.movers,o.gap)
    else:
        # isolated nodes: what count?
        ISO=len(opt)/2**(n-len(deg)) if len(deg) else 1
        chk('count iso',o.count in (ISO,len(opt),max(1,ISO)),E,n,o.count,len(opt))
    # clustering
    for k in (1,3,4,None):
        bc=min(cost(l,E) for l in rgs(n,k or n))
        c=cluster(n,i,j,w,k=k,seed=t,seconds=10)
        chk(f'cluster{k}',abs(c.value-bc)<2e-3*bc+1e-9 and abs(cost(tuple(c.label),E)-c.value)<1e-6 and len(set(c.label))<=(k or n) and c.proved,E,k,c.value,bc,c.proved,cost(tuple(c.label),E))
        if wk!='float': chk('cluster exact',abs(c.value-bc)<1e-9,E,k,c.value,bc)
    # balance
    if n<=6 and t%2==0 and n>1:
        g=SignedGraph(tuple(f"n{x}" for x in range(n)),i,j,w)
        rep=balance(g,lengths=[3,4,5] if n>=5 else [3])
        A=np.zeros((n,n))
        for a,b,x in E: A[a,b]=A[b,a]=np.sign(x)
        cnt={'+++':0,'++-':0,'+--':0,'---':0}
        for a,b,c in itertools.combinations(range(n),3):
            if A[a,b]*A[a,c]*A[b,c]!=0:
                m=[A[a,b],A[a,c],A[b,c]].count(-1); cnt[['+++','++-','+--','---'][m]]+=1
        T=sum(cnt.values()); bal=cnt['+++']+cnt['+--']
        chk('triads',rep.triads.by_type==cnt and rep.triads.total==T and rep.triads.balanced==bal and (rep.triads.share is None if T==0 else abs(rep.triads.share-bal/T)<1e-12))
        K=np.trace(sl.expm(A))/np.trace(sl.expm(abs(A)))
        chk('walk',abs(rep.walk.k-K)<1e-9)
        L=min(sum(1 for a,b,x in E if (x>0)!=(l[a]==l[b])) for l in costs)
        f=rep.frustration
        chk('frus',f.value==L and f.proved and (f.normalised is None if not E else abs(f.normalised-(1-2*L/len(E)))<1e-12))
        tw=sum(abs(x) for *_,x in E)
        chk('frusw',abs(rep.weight.value-best)<1e-9 and (not E or abs(rep.weight.normalised-(1-2*best/tw))<1e-9))
        # conflict
        comp=list(range(n))
        for _ in range(n):
            for a,b,x in E: m=min(comp[a],comp[b]); comp[a]=comp[b]=m
        exp=[]
        for c in set(comp):
            ns=[x for x in range(n) if comp[x]==c]
            es=[e for e in E if comp[e[0]]==c]
            if not es: continue
            S=A[np.ix_(ns,ns)]; D=np.abs(S).sum(1); lam=np.linalg.eigvalsh(np.diag(D)-S)[0]
            d=dict(zip(ns,D)); dm=max((d[a]+d[b])/2 for a,b,_ in es)
            exp.append((len(es),round(max(lam,0),6),None if dm<=1 else round(1-lam/(dm-1),6)))
        got=[(c.m,round(max(c.conflict,0),6),None if c.index is None else round(c.index,6)) for c in rep.conflicts]
        chk('conflict',sorted(exp,key=str)==sorted(got,key=str),E,exp,got)
        # cycles by length
        for L_ in rep.profile:
            pass
    # blockmodel
    if n<=6 and t%3==0 and E and wk in('unit','int','dec'):
        k=rng.randint(1,4); al=rng.choice([.5,.25,.9,0,1]); rel=rng.random()<.6
        g=SignedGraph(tuple(f"n{x}" for x in range(n)),i,j,w)
        b=blockmodel(g,k,alpha=al,relaxed=rel)
        bb=math.inf
        for l in rgs(n,k):
            blk={}
            for a,c,x in E:
                key=(min(l[a],l[c]),max(l[a],l[c])); v=blk.setdefault(key,[0,0]); v[0 if x<0 else 1]+=abs(x)
            tot=0
            for key,(N,P) in blk.items():
                if rel: tot+=min(al*N,(1-al)*P)
                else: tot+= al*N if key[0]==key[1] else (1-al)*P
            bb=min(bb,tot)
        chk('blockmodel',abs(b.value-bb)<1e-9 and b.proved,E,k,al,rel,b.value,bb,b.proved)
print(CNT, time.time()-t0)
