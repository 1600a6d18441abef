import itertools, math, numpy as np, random
from foedus.estimate.scores import *
from foedus.estimate import scores as S, ensembles as EN
from foedus.estimate.calibration import calibration, reliability
from foedus.estimate.powerlaw import fit_power_law, goodness, alternatives
from foedus.estimate.cluster_scores import ClusterScores
from foedus.estimate.resample import cluster_weights, bootstrap
import statsmodels.api as sm
rng=np.random.default_rng(3); CNT={}
def chk(name,cond,*a):
    if not cond: print("DIFF",name,*a)
    CNT[name]=CNT.get(name,0)+1
def close(a,b,t=1e-9): return (np.isnan(a) and np.isnan(b)) or a==b or abs(a-b)<=t*max(1,abs(b))
for t in range(400):
    n=int(rng.integers(1,12)); y=rng.integers(0,2,n); p=rng.choice([0,.1,.25,.5,.5,.9,1,rng.random()],n) if rng.random()<.7 else rng.random(n)
    w=rng.choice([0,1,1,2,3.5],n) if rng.random()<.5 else None
    if w is not None and w.sum()==0: continue
    W=np.ones(n) if w is None else w; T=W.sum()
    b=sum(W*(p-y)**2)/T
    chk('brier',close(S.brier(y,p,w),b))
    base=sum(W*y)/T
    sk=1-b/(base*(1-base)) if 0<base<1 else math.nan
    chk('skill',close(S.brier_skill(y,p,w),sk),S.brier_skill(y,p,w),sk)
    ll=0.
    for k in range(n):
        if W[k]==0: continue
        q=p[k] if y[k] else 1-p[k]
        ll+= math.inf if q==0 else -W[k]*math.log(q)
    chk('log',close(S.log_score(y,p,w),ll/T),S.log_score(y,p,w),ll/T)
    rel=res=0
    for v in set(p):
        m=p==v; wt=W[m].sum()
        if wt==0: continue
        o=(W*y)[m].sum()/wt; rel+=wt*(v-o)**2/T; res+=wt*(o-base)**2/T
    mu=S.murphy(y,p,w)
    chk('murphy',close(mu.reliability,rel) and close(mu.resolution,res) and close(mu.uncertainty,base*(1-base)) and close(mu.brier,b),mu,rel,res)
    num=den=0
    for a in range(n):
        for c in range(n):
            if y[a] and not y[c]: den+=W[a]*W[c]; num+=W[a]*W[c]*((p[a]>p[c])+.5*(p[a]==p[c]))
    chk('roc',close(S.auc_roc(y,p,w),num/den if den else math.nan),y,p,w)
    pos=(W*y).sum(); ap=math.nan
    if pos>0:
        ap=0;R=0
        for v in sorted(set(p),reverse=True):
            m=p>=v; tp=(W*y)[m].sum(); r=tp/pos
            if W[m].sum()>0: ap+=(r-R)*tp/W[m].sum()
            R=r
    chk('ap',close(S.average_precision(y,p,w),ap),y,p,w,S.average_precision(y,p,w),ap)
    mean=(W*p).sum()/T
    chk('sharp',close(S.sharpness(p,w),(W*(p-mean)**2).sum()/T))
    # cluster scores
    c=rng.integers(0,3,n)
    pp=np.clip(p,.001,.999)
    cs=ClusterScores(y,pp,c,w) if w is not None else ClusterScores(y,pp,c)
    ww=rng.integers(0,3,(3,len(cs.labels))).astype(float)
    got=cs.at(ww)
    for r in range(3):
        full=W*ww[r][np.searchsorted(cs.labels,c)]
        if full.sum()==0: chk('clu0',np.isnan(got[r]).all()); continue
        ex=[S.average_precision(y,pp,full),S.auc_roc(y,pp,full),S.brier(y,pp,full),S.log_score(y,pp,full)]
        chk('clu',all(close(a,b_) for a,b_ in zip(got[r],ex)),got[r],ex)
    # ensembles
    D=int(rng.integers(1,9)); X=rng.choice([0,0,1,2,5,30.,2000],(n,D)); yy=rng.choice([0,1,3,26,5000.],n)
    cr=[np.mean(abs(X[k]-yy[k]))-.5*np.mean(abs(X[k][:,None]-X[k][None])) for k in range(n)]
    chk('crps',np.allclose(EN.crps_ensemble(yy,X),cr))
    bins=[0,.5,2.5,5.5,10.5,25.5,50.5,100.5,250.5,500.5,1000.5]
    def bn(v): return max(i for i,b_ in enumerate(bins) if v>=b_)
    ig=[-math.log2((sum(bn(x)==bn(yy[k]) for x in X[k])+1)/(D+11)) for k in range(n)]
    chk('ign',np.allclose(EN.ignorance(yy,X),ig))
    lv=rng.choice([.5,.9])
    al=1-lv; lo=np.quantile(X,al/2,axis=1);hi=np.quantile(X,1-al/2,axis=1)
    mis=hi-lo+2/al*np.maximum(lo-yy,0)+2/al*np.maximum(yy-hi,0)
    chk('mis',np.allclose(EN.interval_score(yy,X,level=lv),mis))
    m,s_,z=rng.normal(),rng.random()+.1,rng.normal()
    if t<20:
        from scipy.integrate import quad
        from scipy.stats import norm
        v=quad(lambda x:norm.cdf(x,m,s_)**2,-30,z)[0]+quad(lambda x:(1-norm.cdf(x,m,s_))**2,z,30)[0]
        chk('crpsn',abs(float(EN.crps_normal(z,m,s_))-v)<1e-6)
    # power law
    k=int(rng.integers(3,40)); x=np.round((1-rng.random(k))**(-1/rng.choice([.5,1,2]))*rng.choice([1,1,10]),1)+.1
    if len(set(x))<3: continue
    for kind in('lower','both'):
        best=None
        for xm in sorted(set(x))[:-1]:
            tail=np.sort(x[x>=xm]); nt=len(tail); a=1+nt/np.log(tail/xm).sum(); F=1-(tail/xm)**(1-a)
            # empirical cdf just below each size i/n
            lower=np.array([np.sum(tail<v) for v in tail])/nt; upper=np.array([np.sum(tail<=v) for v in tail])/nt
            lowi=np.arange(nt)/nt
            d=max(abs(F-lower)) if kind=='lower' else max(abs(F-lower).max(),abs(F-upper).max())
            d2=max(abs(F-lowi)) if kind=='lower' else max(abs(F-lowi).max(),abs(F-np.arange(1,nt+1)/nt).max())
            if best is None or d<best[0]-1e-12: best=(d,xm,a,nt,d2)
        f=fit_power_law(x,kind=kind)
        ok=close(f.alpha,best[2]) and f.x_min==best[1] and f.n_tail==best[3] and close(f.distance,best[0])
        chk('plaw '+kind,ok,np.sort(x),f,best)
        if ok: chk('plaw se',close(f.std_error,(f.alpha-1)/math.sqrt(f.n_tail)))
# calibration vs statsmodels
for t in range(60):
    n=80; p=rng.uniform(.02,.98,n); y=(rng.random(n)<p**1.3).astype(int); cl=rng.integers(0,12,n)
    X=np.c_[np.ones(n),np.log(p/(1-p))]
    for c in (None,cl):
        r=sm.GLM(y,X,family=sm.families.Binomial()).fit() if c is None else sm.Logit(y,X).fit(disp=0,cov_type='cluster',cov_kwds={'groups':cl,'use_correction':False})
        k=calibration(y,p,cluster=c)
        z=1.6448536269514722
        G=len(set(cl)); f=1 if c is None else math.sqrt(G/(G-1))
        se=r.bse*f
        chk('calib',abs(k.slope-r.params[1])<1e-6 and abs(k.intercept-r.params[0])<1e-6 and np.allclose(k.slope_interval,(r.params[1]-z*se[1],r.params[1]+z*se[1]),atol=1e-5) and abs(k.ratio-p.sum()/y.sum())<1e-9,k,r.params,se)
# cluster weights: distribution
ws=np.array(list(cluster_weights(['a','a','b','c'],4000,seed=2)))
chk('cw',np.all(ws[:,0]==ws[:,1]) and np.all(ws[:,[0,2,3]].sum(1)==3) and abs(ws[:,0].mean()-1)<.05 and abs(ws[:,0].var()-2/3)<.06)
two=list(cluster_weights(['a','a','b','c'],5,seed=2,first=7))
chk('cw first',np.array_equal(np.array(two),ws[7:12]))
print(CNT)
